// Types of what the portal sends to the API and gets back, taken from the API's
// own OpenAPI document (build/portal/schema.d.ts, written by make).
import type { components, paths } from '../../build/portal/schema';

export type Schemas = components['schemas'];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that have the method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never
}[keyof paths];

type Operation<M extends Method, P extends keyof paths> = paths[P][M];

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : null;

/** What the operation answers when it succeeds; null: nothing. */
export type Answer<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { responses: infer R }
    ? R extends { 200: infer T } ? Json<T> : R extends { 201: infer T } ? Json<T> : null
    : never;

export type Body<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { requestBody?: infer R }
    ? R extends { content: { 'application/json': infer T } } ? T : undefined
    : undefined;

type Parameters<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { parameters: infer T } ? T : never;

/** In the address, an empty or missing value leaves a parameter out, and numbers may be text. */
type Loose<T> = { [K in keyof T]?: T[K] | string | number | boolean | null };

export interface Options<M extends Method, P extends keyof paths> {
  /** Fills {…} in the path. */
  path?: Parameters<M, P> extends { path: infer T } ? Loose<T> : undefined;
  query?: Parameters<M, P> extends { query?: infer T } ? Loose<T> : undefined;
  body?: Body<M, P>;
  /** If-None-Match */
  etag?: string | null;
  /** If-Match */
  match?: string | null;
  /** Idempotency-Key */
  once?: string | null;
  signal?: AbortSignal;
}

export interface Reply<T> {
  /** null for 204 and 304 */
  data: T;
  etag: string | null;
  status: number;
}
