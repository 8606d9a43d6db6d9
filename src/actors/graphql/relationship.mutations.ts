/** Mutations that start, answer and end relations. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import type { ActorId } from '../actor.entity.js';
import { followActor } from '../follow-actor.js';
import { respondToFollowRequest } from '../respond-to-follow-request.js';
import { setCloseFriend } from '../set-close-friend.js';
import { setBlock } from '../set-block.js';
import { setMute } from '../set-mute.js';
import { removeFollower, unfollowActor } from '../unfollow-actor.js';
import { actorLoader, type ActorSource } from './actor.loader.js';
import { ActorType } from './actor.type.js';
import {
  relationshipLoader,
  RelationshipType,
  type RelationshipSource,
} from './relationship.type.js';

const INPUT = { description: 'What to do.' };

@InputType({ description: 'Names one actor.' })
abstract class ActorInput {
  @Field(() => ID, { description: 'The actor.' })
  actorId!: string;
}

@InputType('FollowActorInput', { description: 'Whom to follow.' })
export class FollowActorInput extends ActorInput {
  @Field(() => Boolean, { defaultValue: false, description: 'Tell the viewer of every new post.' })
  notify!: boolean;

  @Field(() => Boolean, { defaultValue: true, description: 'Show reposts in the home timeline.' })
  showReposts!: boolean;
}

@InputType('UnfollowActorInput', { description: 'Whom to unfollow.' })
export class UnfollowActorInput extends ActorInput {}

@InputType('RemoveFollowerInput', { description: 'Which follower to remove.' })
export class RemoveFollowerInput extends ActorInput {}

@InputType('RespondToFollowRequestInput', { description: 'Answer to a follow request.' })
export class RespondToFollowRequestInput extends ActorInput {
  @Field(() => Boolean, { description: 'True accepts, false rejects.' })
  accept!: boolean;
}

@InputType('SetBlockInput', { description: 'Whom to block or unblock.' })
export class SetBlockInput extends ActorInput {
  @Field(() => Boolean, { description: 'True blocks, false lifts the block.' })
  blocked!: boolean;
}

@InputType('SetCloseFriendInput', { description: 'Whom to count among the close friends.' })
export class SetCloseFriendInput extends ActorInput {
  @Field(() => Boolean, { description: 'True puts the actor on the list, false takes it off.' })
  closeFriend!: boolean;
}

@InputType('SetMuteInput', { description: 'Whom to mute or unmute.' })
export class SetMuteInput extends ActorInput {
  @Field(() => Boolean, { description: 'True mutes, false lifts the mute.' })
  muted!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds until the mute ends; null = until it is lifted.',
  })
  durationSeconds?: number | null;

  @Field(() => Boolean, { defaultValue: true, description: 'Leave notifications out, too.' })
  notifications!: boolean;
}

@ObjectType({ description: 'What a change of a relation answers.' })
abstract class RelationshipPayload extends Payload {
  @Field(() => RelationshipType, {
    nullable: true,
    description: 'The relation after the change; null when refused.',
  })
  relationship!: RelationshipSource | null;

  @Field(() => ActorType, {
    nullable: true,
    description: 'The other actor with its counters; null when refused.',
  })
  actor!: ActorSource | null;
}

@ObjectType('FollowActorPayload', { description: 'Answer of followActor.' })
export class FollowActorPayload extends RelationshipPayload {}

@ObjectType('UnfollowActorPayload', { description: 'Answer of unfollowActor.' })
export class UnfollowActorPayload extends RelationshipPayload {}

@ObjectType('RemoveFollowerPayload', { description: 'Answer of removeFollower.' })
export class RemoveFollowerPayload extends RelationshipPayload {}

@ObjectType('RespondToFollowRequestPayload', { description: 'Answer of respondToFollowRequest.' })
export class RespondToFollowRequestPayload extends RelationshipPayload {}

@ObjectType('SetBlockPayload', { description: 'Answer of setBlock.' })
export class SetBlockPayload extends RelationshipPayload {}

@ObjectType('SetCloseFriendPayload', { description: 'Answer of setCloseFriend.' })
export class SetCloseFriendPayload extends RelationshipPayload {}

@ObjectType('SetMutePayload', { description: 'Answer of setMute.' })
export class SetMutePayload extends RelationshipPayload {}

@Resolver()
export class RelationshipMutations {
  @Mutation(() => FollowActorPayload, {
    description:
      'Follow an actor, or ask to where it approves its followers. A repeat only changes the choices. At most 200 in an hour. Codes: NOT_FOUND, INVALID_INPUT, BLOCKED, CONFLICT, RATE_LIMITED.',
  })
  @RequiresScope('write:relationships')
  followActor(
    @Arg('input', () => FollowActorInput, INPUT) input: FollowActorInput,
    @Ctx() context: GraphQLContext,
  ) {
    const { notify: notifiesOnPost, showReposts: showsReposts } = input;
    return change(context, input, (actorId) =>
      followActor(context, { actorId, notifiesOnPost, showsReposts }),
    );
  }

  @Mutation(() => UnfollowActorPayload, {
    description: 'Unfollow an actor, or take a request back. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('write:relationships')
  unfollowActor(
    @Arg('input', () => UnfollowActorInput, INPUT) input: UnfollowActorInput,
    @Ctx() context: GraphQLContext,
  ) {
    return change(context, input, (actorId) => unfollowActor(context, actorId));
  }

  @Mutation(() => RemoveFollowerPayload, {
    description: 'Remove a follower; they are not told. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('write:relationships')
  removeFollower(
    @Arg('input', () => RemoveFollowerInput, INPUT) input: RemoveFollowerInput,
    @Ctx() context: GraphQLContext,
  ) {
    return change(context, input, (actorId) => removeFollower(context, actorId));
  }

  @Mutation(() => RespondToFollowRequestPayload, {
    description: 'Accept or reject who asked to follow the viewer. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:relationships')
  respondToFollowRequest(
    @Arg('input', () => RespondToFollowRequestInput, INPUT) input: RespondToFollowRequestInput,
    @Ctx() context: GraphQLContext,
  ) {
    return change(context, input, (actorId) =>
      respondToFollowRequest(context, { actorId, accept: input.accept }),
    );
  }

  @Mutation(() => SetBlockPayload, {
    description:
      'Block or unblock an actor: neither sees the other; follows, tags and quotes between them end, and comments of one under posts of the other are hidden. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('write:relationships')
  setBlock(
    @Arg('input', () => SetBlockInput, INPUT) input: SetBlockInput,
    @Ctx() context: GraphQLContext,
  ) {
    return change(context, input, (actorId) =>
      setBlock(context, { actorId, blocked: input.blocked }),
    );
  }

  @Mutation(() => SetCloseFriendPayload, {
    description:
      'Put an actor on the viewer’s list of close friends, or take it off. They are not told, and nobody else sees the list; who sees a story for close friends knows to be on it. Codes: NOT_FOUND, INVALID_INPUT, BLOCKED.',
  })
  @RequiresScope('write:relationships')
  setCloseFriend(
    @Arg('input', () => SetCloseFriendInput, INPUT) input: SetCloseFriendInput,
    @Ctx() context: GraphQLContext,
  ) {
    return change(context, input, (actorId) =>
      setCloseFriend(context, { actorId, isCloseFriend: input.closeFriend }),
    );
  }

  @Mutation(() => SetMutePayload, {
    description:
      'Leave an actor out of the viewer’s timelines, for a time or for good. They are not told. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('write:relationships')
  setMute(
    @Arg('input', () => SetMuteInput, INPUT) input: SetMuteInput,
    @Ctx() context: GraphQLContext,
  ) {
    const { muted, notifications, durationSeconds = null } = input;
    return change(context, input, (actorId) =>
      setMute(context, { actorId, muted, notifications, durationSeconds }),
    );
  }
}

type Changed = Answer<{ relationship: RelationshipSource | null; actor: ActorSource | null }>;

/** Runs a command on the named actor and answers with the relation as it is afterwards. */
function change(
  context: GraphQLContext,
  input: ActorInput,
  command: (actorId: ActorId) => Promise<void>,
): Promise<Changed> {
  return answer(
    context,
    async () => {
      const actorId = readId('actor', input.actorId, ['actorId']);
      await command(actorId);
      return actorId;
    },
    async (actorId) => ({
      relationship: await load(context, relationshipLoader, actorId),
      actor: await load(context, actorLoader, actorId),
    }),
  );
}
