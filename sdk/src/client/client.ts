/** A client of one server. */
import type { Operation } from '../api/operation.js';
import {
  RegisterAccount,
  SignIn,
  SignOut,
  TimelineChanged,
  Viewer,
  type PersonFragment,
  type RegisterAccountInput,
  type TimelineChangedSubscription,
  type TimelineSource,
} from '../api/operations.js';
import { ApiError, requireDone } from './errors.js';
import { Transport, type ClientOptions } from './transport.js';
import { uploadFile, type UploadOptions } from './upload.js';

/** Speaks to one server, as one person or as nobody. */
export class TriptychClient {
  readonly transport: Transport;

  constructor(options: ClientOptions) {
    this.transport = new Transport(options);
  }

  /** Token of the session; keep it secret. Null = nobody is signed in. */
  get token(): string | null {
    return this.transport.token;
  }

  /** Carries out any operation. @throws {ApiError} @throws {NetworkError} */
  request<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Data> {
    return this.transport.request(operation, variables, signal);
  }

  /**
   * As `request`, over the open socket if there is one; for what may be done twice.
   * @throws {ApiError} @throws {NetworkError}
   */
  requestLive<Data, Variables extends object>(
    operation: Operation<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    return this.transport.requestLive(operation, variables);
  }

  /** Registers an account and signs in. @throws {RefusedError} */
  async register(input: RegisterAccountInput): Promise<void> {
    const { registerAccount } = await this.request(RegisterAccount, { input });
    this.transport.token = requireDone(registerAccount).token;
  }

  /** @param deviceName what the session is called in the list of sessions @throws {RefusedError} */
  async signIn(login: string, password: string, deviceName?: string): Promise<void> {
    const { signIn } = await this.request(SignIn, { input: { login, password, deviceName } });
    this.transport.token = requireDone(signIn).token;
  }

  /** Ends the session. */
  async signOut(): Promise<void> {
    requireDone((await this.request(SignOut, {})).signOut);
    this.transport.token = null;
    await this.close();
  }

  /** Who is signed in. @throws {ApiError} when nobody is */
  async viewer(): Promise<PersonFragment> {
    const { viewer } = await this.request(Viewer, {});
    if (!viewer) throw new ApiError('Nobody is signed in.', 'UNAUTHENTICATED');
    return viewer.actor;
  }

  /** Uploads a file, and goes on where it stopped when the connection is lost. @returns the id of the media */
  upload(file: Uint8Array | Blob, options: UploadOptions): Promise<string> {
    return uploadFile(this.transport, file, options);
  }

  /** What comes into a timeline, from a cursor or from now on. */
  timeline(
    timeline: TimelineSource,
    after: string | null = null,
    signal?: AbortSignal,
  ): AsyncGenerator<TimelineChangedSubscription, void> {
    const variables = { timeline, after };
    const cursorOf = (data: TimelineChangedSubscription): string => data.timelineChanged.cursor;
    return this.transport.subscribe(TimelineChanged, variables, cursorOf, signal);
  }

  /** Ends what is open. */
  close(): Promise<void> {
    return this.transport.close();
  }
}
