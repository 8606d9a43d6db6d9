// A bot that does on command what a person would do, through the public interface of activitypub.bot, and that
// remembers what it is sent.

/** A bot of this name with `commands`; `Bot` is the class of the peer, `picture` what it shows as icon and header. */
export function botWithCommands(Bot, username, picture) {
  class CommandedBot extends Bot {
    received = [];

    constructor() {
      const description = 'A bot that does what it is told';
      super(username, { fullname: 'Robo', description, icon: picture, image: picture });
    }

    async handleActivity(activity) {
      this.received.push(await activity.export());
      return false;
    }

    get commands() {
      return commandsOf(this._context, this.received);
    }
  }
  return new CommandedBot();
}

function commandsOf(context, received) {
  const toEverybody = { to: ['as:Public'], cc: [context.getFollowersId()] };
  const on = (act) => async (uri) => shown(await act(await context.getObject(uri)));
  return {
    received: async () => received,
    object: on((object) => object),
    follow: on((actor) => context.followActor(actor)),
    unfollow: on((actor) => context.unfollowActor(actor)),
    isFollower: (uri) => context.isFollower({ id: uri }),
    isFollowing: (uri) => context.isFollowing({ id: uri }),
    block: on((actor) => context.blockActor(actor)),
    unblock: on((actor) => context.unblockActor(actor)),
    like: on((object) => context.likeObject(object)),
    unlike: on((object) => context.unlikeObject(object)),
    announce: on((object) => context.announceObject(object)),
    unannounce: on((object) => context.unannounceObject(object)),
    note: async (text) => shown(await context.sendNote(text, toEverybody)),
    noteTo: async (text, uri) => shown(await context.sendNote(text, { to: [uri] })),
    reply: async (text, uri) => shown(await context.sendReply(text, await context.getObject(uri))),
    edit: async (uri, html) => shown(await context.updateNote(await context.getObject(uri), html)),
    remove: on((note) => context.deleteNote(note)),
    act: async (activity) => shown(await context.doActivity(activity)),
  };
}

const shown = (object) => object.export({ useOriginalContext: true });
