import { createServer } from 'node:http';
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from 'jose';
import { covers, holds, introduce, leave, rejects, same, settings, takeKeyOut, visit } from './conversation.js';

introduce('jose');
const metadata = await (await fetch(`${settings.issuer}/.well-known/openid-configuration`)).json();
let fetched = 0;
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri), {
  cooldownDuration: 0,
  [customFetch]: (url, options) => {
    fetched += 1;
    return fetch(url, options);
  },
});
const authorization = (id) => `Basic ${btoa(`${id}:${settings.secret}`)}`;

async function post(endpoint, headers, form) {
  const response = await fetch(endpoint, { method: 'POST', headers, body: new URLSearchParams(form) });
  const body = await response.json();
  holds(response.ok, JSON.stringify(body));
  return body;
}

const accessToken = async () => (await post(
  metadata.token_endpoint, { Authorization: authorization('code-basic') }, { grant_type: 'client_credentials', scope: 'orders.read' })).access_token;
const verify = (token, more) => jwtVerify(token, keys, { issuer: settings.issuer, ...more });
const forApi = { typ: 'at+jwt', audience: 'https://orders.example' };

const token = await accessToken();
const { payload } = await verify(token, { ...forApi, requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id'] });
covers('access token (`at+jwt`)');

const list = payload.status.status_list;
const response = await fetch(list.uri, { headers: { Accept: 'application/statuslist+jwt' } });
same((await verify(await response.text(), { typ: 'statuslist+jwt', subject: list.uri })).payload.sub, list.uri, 'sub');
covers('status list');

const redirectUri = `${settings.site}/callback`;
async function signIn(client, authenticate) {
  const verifier = crypto.randomUUID() + crypto.randomUUID();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  const url = new URL(metadata.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client, redirect_uri: redirectUri, response_type: 'code', scope: 'openid', nonce: 'n',
    code_challenge: Buffer.from(digest).toString('base64url'), code_challenge_method: 'S256',
  });
  const { headers = {}, form = {} } = authenticate;
  const code = (await visit(url)).searchParams.get('code');
  return (await post(metadata.token_endpoint, headers, {
    grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier, ...form,
  })).id_token;
}
const idTokens = {
  RS256: await signIn('code-basic', { headers: { Authorization: authorization('code-basic') } }),
  PS256: await signIn('code-post', { form: { client_id: 'code-post', client_secret: settings.secret } }),
  ES256: await signIn('told', { headers: { Authorization: authorization('told') } }),
};
for (const [alg, idToken] of Object.entries(idTokens)) {
  const { protectedHeader } = await verify(idToken, { algorithms: [alg], requiredClaims: ['nonce', 'sub', 'aud', 'exp', 'iat'] });
  same(protectedHeader.alg, alg, 'alg');
}
covers('ID tokens in RS256, PS256 and ES256');

const told = new Promise((resolve) => {
  const receiver = createServer((request, answer) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      answer.writeHead(204).end();
      receiver.close();
      resolve(new URLSearchParams(body).get('logout_token'));
    });
  });
  receiver.listen(settings.receiverPort, '127.0.0.1');
});
const end = new URL(metadata.end_session_endpoint);
end.search = new URLSearchParams({ id_token_hint: idTokens.ES256 });
await visit(end);
const { payload: logout } = await verify(await told, {
  typ: 'logout+jwt', audience: 'told', algorithms: ['ES256'], maxTokenAge: '2 minutes', requiredClaims: ['jti', 'iat', 'exp', 'events', 'sid'],
});
holds('http://schemas.openid.net/event/backchannel-logout' in logout.events, 'events');
holds(!('nonce' in logout), 'nonce');
covers('back-channel logout token');

// An operator takes the signing key out; a key set that was read before finds the next one by its kid.
const { kid } = decodeProtectedHeader(token);
await verify(token, forApi);
const before = fetched;
await takeKeyOut(kid);
let next;
const patience = Date.now() + 120000;
do {
  holds(Date.now() < patience, 'the key that was taken out still signs');
  await new Promise((resolve) => setTimeout(resolve, 200));
  next = await accessToken();
} while (decodeProtectedHeader(next).kid === kid);
await verify(next, forApi);
same(fetched, before + 1, 'reads of the key set');
await rejects(verify(token, forApi), (error) => error.code === 'ERR_JWKS_NO_MATCHING_KEY', 'token of a key that was taken out');
covers('`keys rotate --compromised`: the next key is found, tokens of the one before are refused');
leave();
