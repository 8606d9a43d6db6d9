// The peer is written for activitystrea.ms 4, which the npm registry does not have. It uses two functions more than 3.1
// has; these are they.

/** Adds the two to the installed activitystrea.ms; before the peer is loaded. */
export function completeActivityStreams(installed) {
  const activityStreams = installed('activitystrea.ms');
  const { defaultInstance: contexts } = installed('activitystrea.ms/src/contextloader');
  const { Base } = installed('activitystrea.ms/src/models');
  const reasoner = installed('activitystrea.ms/src/reasoner');
  const { Activity } = installed('vocabs-as');
  activityStreams.registerContext = (url, context) => void contexts.register(url, context);
  const isActivity = (type) => Boolean(type) && reasoner.node(type).is(Activity);
  // Not enumerable, or it would be written into documents.
  Object.defineProperty(Base.prototype, 'isActivity', {
    value() {
      return [this.type].flat().some(isActivity);
    },
  });
}
