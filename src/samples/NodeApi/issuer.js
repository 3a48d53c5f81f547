import { createRemoteJWKSet } from 'jose';

const LONGEST_DOCUMENT = 64 * 1024;

/** GETs a document of the issuer: no redirects, five seconds, bounded size. Answers null for 304. */
export async function fetchDocument(address, headers = {}, longest = LONGEST_DOCUMENT) {
  const response = await fetch(address, { headers, redirect: 'error', signal: AbortSignal.timeout(5000) });
  if (response.status === 304) {
    await response.body?.cancel();
    return null;
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${address} answered ${response.status}`);
  }
  const chunks = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > longest) {
      throw new Error(`${address} answered more than ${longest} bytes`);
    }
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8'), etag: response.headers.get('etag') };
}

/**
 * The issuer's keys, found through its metadata when first needed, so that the API may start before the issuer.
 * jose caches them, and asks again at most every 30 seconds when a token names a key it does not know.
 */
export function issuerKeys(issuer) {
  let keys;
  return async (header, token) => {
    if (!keys) {
      const { text } = await fetchDocument(issuer.replace(/\/$/, '') + '/.well-known/openid-configuration');
      const metadata = JSON.parse(text);
      // OIDC Discovery §4.3: exactly the issuer that was asked.
      if (metadata.issuer !== issuer) {
        throw new Error(`the metadata of ${issuer} names another issuer`);
      }
      keys = createRemoteJWKSet(new URL(metadata.jwks_uri), { cacheMaxAge: 5 * 60 * 1000, cooldownDuration: 30 * 1000 });
    }
    return keys(header, token);
  };
}
