// The tabs of a first visit, a tour. Each document is checked against the schema by the tests.
import elsewhere from './examples/elsewhere.graphql';
import feed from './examples/feed.graphql';
import home from './examples/home.graphql';
import live from './examples/live.graphql';
import message from './examples/message.graphql';
import publish from './examples/publish.graphql';
import search from './examples/search.graphql';
import signIn from './examples/sign-in.graphql';
import story from './examples/story.graphql';
import upload from './examples/upload.graphql';
import videos from './examples/videos.graphql';
import welcome from './examples/welcome.graphql';

const json = (value) => JSON.stringify(value, null, 2);
const picture = {
  purpose: 'POST',
  fileName: 'cat.jpg',
  mimeType: 'image/jpeg',
  sizeBytes: '0',
  altText: 'A cat on a wall',
};
const post = {
  mediaIds: [''],
  common: { caption: 'Hello from #triptych', visibility: 'PUBLIC' },
};

export const examples = [
  { query: welcome },
  { query: signIn, variables: json({ you: { login: '', password: '', deviceName: 'GraphiQL' } }) },
  { query: upload, variables: json({ file: picture, mediaId: '' }) },
  { query: publish, variables: json({ post }) },
  { query: home, variables: json({ after: null }) },
  {
    query: videos,
    variables: json({
      video: { mediaId: '', common: { caption: 'Rain #weather' }, video: { title: 'Rain' } },
      all: [{ postId: '', playbackKey: '1', watchedMs: 4000, positionMs: 4000 }],
      after: null,
    }),
  },
  {
    query: feed,
    variables: json({
      slug: 'for-you',
      after: null,
      it: { profilingEnabled: true, dailyLimitMinutes: 30 },
    }),
  },
  { query: live },
  { query: story, variables: json({ story: { mediaId: '', visibility: 'FOLLOWERS' } }) },
  {
    query: elsewhere,
    variables: json({ who: { handle: 'somebody@photos.example' }, whom: { actorId: '' } }),
  },
  {
    query: message,
    variables: json({
      with: { memberIds: [''], encryption: 'NONE' },
      what: { conversationId: '', clientMessageId: '1', text: 'Hello!' },
    }),
  },
  { query: search, variables: json({ text: 'hello' }) },
];
