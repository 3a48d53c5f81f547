import { inflateSync } from 'node:zlib';
import { jwtVerify } from 'jose';
import { fetchDocument } from './issuer.js';

const LARGEST_LIST = 1024 * 1024;
const DEFAULT_TTL = 60;

/** Thrown when nothing can be said about a token's status; an outage, not the token's fault. */
export class StatusUnknown extends Error {}

/**
 * The issuer's Token Status Lists (draft-ietf-oauth-status-list-21 §8.3), each kept for its ttl. When a list cannot be
 * fetched, the last good one is used until it expires.
 */
export function statusLists(issuer, keys, algorithms, now = () => Date.now() / 1000) {
  const lists = new Map();

  async function fetchList(uri, previous) {
    // A copy about to expire is asked for anew: a 304 would leave us with the old exp.
    const keep = previous?.etag && previous.exp > now() + previous.ttl;
    const headers = { accept: 'application/statuslist+jwt', ...(keep ? { 'if-none-match': previous.etag } : {}) };
    const answer = await fetchDocument(uri, headers, LARGEST_LIST * 2);
    if (!answer) {
      return { ...previous, fetched: now() };
    }
    const { payload } = await jwtVerify(answer.text.trim(), keys, {
      algorithms, typ: 'statuslist+jwt', subject: uri, requiredClaims: ['iat', 'status_list'], clockTolerance: 30,
    });
    const { bits, lst } = payload.status_list;
    if (![1, 2, 4, 8].includes(bits) || (payload.iss ?? issuer) !== issuer) {
      throw new Error('not a status list of this issuer');
    }
    const bytes = inflateSync(Buffer.from(lst, 'base64url'), { maxOutputLength: LARGEST_LIST });
    return {
      bytes, bits, etag: answer.etag, fetched: now(), exp: payload.exp ?? now() + 3600, ttl: payload.ttl ?? DEFAULT_TTL,
    };
  }

  async function find(uri) {
    const entry = lists.get(uri) ?? {};
    lists.set(uri, entry);
    if (!entry.list || now() >= entry.list.fetched + entry.list.ttl) {
      // Requests at the same time wait for one fetch.
      entry.fetching ??= fetchList(uri, entry.list)
        .then((list) => { entry.list = list; })
        .catch((error) => console.warn(`status list ${uri}: ${error.message}`))
        .finally(() => { entry.fetching = undefined; });
      await entry.fetching;
    }
    if (!entry.list || now() >= entry.list.exp) {
      throw new StatusUnknown(`status list ${uri} is not available`);
    }
    return entry.list;
  }

  /** Whether the token is still good: no status claim, or the status VALID (0). */
  return async function isValid(claims) {
    if (claims.status === undefined) {
      return true;
    }
    const { idx, uri } = claims.status?.status_list ?? {};
    // Only the issuer's own origin is ever asked, whatever a token says.
    if (!Number.isSafeInteger(idx) || idx < 0 || !URL.canParse(uri) || new URL(uri).origin !== new URL(issuer).origin) {
      return false;
    }
    const { bytes, bits } = await find(uri);
    const perByte = 8 / bits;
    const byte = bytes[Math.floor(idx / perByte)];
    // §4.1: statuses are packed from the least significant bit upwards. Beyond the end nothing is valid.
    return byte !== undefined && ((byte >> ((idx % perByte) * bits)) & ((1 << bits) - 1)) === 0;
  };
}
