import * as oauth from 'oauth4webapi';
import { covers, holds, introduce, leave, rejects, same, settings, visit } from './conversation.js';

introduce('oauth4webapi');
const issuer = new URL(settings.issuer);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));
const plain = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2' }));
same(plain.jwks_uri, server.jwks_uri, 'jwks_uri');
covers('discovery: OpenID Connect and RFC 8414');

const redirectUri = `${settings.site}/callback`;
const key = await crypto.subtle.importKey('jwk', settings.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
const basic = { client_id: 'code-basic', authentication: oauth.ClientSecretBasic(settings.secret) };
const posted = { client_id: 'code-post', id_token_signed_response_alg: 'PS256', authentication: oauth.ClientSecretPost(settings.secret) };
const signed = {
  client_id: 'code-key', id_token_signed_response_alg: 'ES256', authentication: oauth.PrivateKeyJwt({ key, kid: settings.key.kid }),
};
const publicClient = { client_id: 'public', authentication: oauth.None() };

async function authorize(client, more = {}) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email offline_access orders.read',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  });
  const answer = await visit(url);
  const parameters = oauth.validateAuthResponse(server, client, answer instanceof URL ? answer : new URLSearchParams(await oauth.formPostResponse(answer)), state);
  const redeem = () => oauth.authorizationCodeGrantRequest(server, client, client.authentication, parameters, redirectUri, verifier);
  const response = await redeem();
  const tokens = await oauth.processAuthorizationCodeResponse(
    server, client, response, { expectedNonce: nonce, requireIdToken: true });
  // Not needed for tokens that came over TLS; here it shows that every signature can be verified.
  await oauth.validateApplicationLevelSignature(server, response);
  return { tokens, redeem, claims: oauth.getValidatedIdTokenClaims(tokens) };
}

const first = await authorize(publicClient);
covers('authorization code with PKCE, `state`, `nonce` and `iss`, public client');
for (const client of [basic, posted, signed]) {
  same((await authorize(client)).claims.sub, first.claims.sub, client.client_id);
}
covers('client authentication by `client_secret_basic`, `client_secret_post` and `private_key_jwt`; ID tokens in RS256, PS256 and ES256');
await authorize(basic, { response_mode: 'form_post' });
covers('`form_post`');

const person = await oauth.processUserInfoResponse(
  server, publicClient, first.claims.sub, await oauth.userInfoRequest(server, publicClient, first.tokens.access_token));
same(person.name, 'Alice Example', 'name');
covers('userinfo');

const refreshed = await oauth.processRefreshTokenResponse(
  server, publicClient, await oauth.refreshTokenGrantRequest(server, publicClient, oauth.None(), first.tokens.refresh_token));
holds(refreshed.refresh_token !== first.tokens.refresh_token, 'the refresh token was not rotated');
covers('refresh with rotation');

// The code again: refused, and what it gave is taken back.
await rejects(
  oauth.processAuthorizationCodeResponse(server, publicClient, await first.redeem()),
  (error) => error.error === 'invalid_grant', 'code used twice');
await rejects(
  oauth.processRefreshTokenResponse(
    server, publicClient, await oauth.refreshTokenGrantRequest(server, publicClient, oauth.None(), refreshed.refresh_token)),
  (error) => error.error === 'invalid_grant', 'refresh after a code was used twice');
covers('code used twice takes back what it gave');

const service = await oauth.processClientCredentialsResponse(
  server, basic,
  await oauth.clientCredentialsGrantRequest(server, basic, basic.authentication, { scope: 'orders.read', resource: 'https://orders.example' }));
covers('client credentials with `resource`');
const claims = await oauth.validateJwtAccessToken(
  server, new Request('https://orders.example/', { headers: { Authorization: `Bearer ${service.access_token}` } }), 'https://orders.example');
same(claims.client_id, 'code-basic', 'client_id');
covers('JWT access token (RFC 9068)');

const api = { client_id: 'orders-api' };
const introspect = async (token) => oauth.processIntrospectionResponse(
  server, api, await oauth.introspectionRequest(server, api, oauth.ClientSecretBasic(settings.secret), token));
const standing = await authorize(basic);
same((await introspect(standing.tokens.access_token)).active, true, 'active');
covers('introspection');
await oauth.processRevocationResponse(await oauth.revocationRequest(server, basic, basic.authentication, standing.tokens.refresh_token));
same((await introspect(standing.tokens.access_token)).active, false, 'active after revocation');
covers('revocation');

{
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const request = await oauth.issueRequestObject(server, signed, {
    redirect_uri: redirectUri, response_type: 'code', scope: 'openid', state, nonce: 'n',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  }, { key, kid: settings.key.kid });
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({ client_id: signed.client_id, response_type: 'code', scope: 'openid', request });
  const parameters = oauth.validateAuthResponse(server, signed, await visit(url), state);
  const response = await oauth.authorizationCodeGrantRequest(server, signed, signed.authentication, parameters, redirectUri, verifier);
  await oauth.processAuthorizationCodeResponse(server, signed, response, { expectedNonce: 'n', requireIdToken: true });
  covers('request object (RFC 9101)');
}

const device = { client_id: 'device' };
const started = await oauth.processDeviceAuthorizationResponse(
  server, device, await oauth.deviceAuthorizationRequest(server, device, oauth.None(), { scope: 'openid' }));
const poll = async () => oauth.processDeviceCodeResponse(
  server, device, await oauth.deviceCodeGrantRequest(server, device, oauth.None(), started.device_code));
await rejects(poll(), (error) => error.error === 'authorization_pending', 'poll before the person decided');
await visit(started.verification_uri_complete);
let onDevice;
for (let interval = started.interval; !onDevice;) {
  await new Promise((resolve) => setTimeout(resolve, interval * 1000));
  onDevice = await poll().catch((error) => {
    if (error.error !== 'slow_down') {
      throw error;
    }
    interval += 5;
  });
}
same(oauth.getValidatedIdTokenClaims(onDevice).sub, first.claims.sub, 'sub');
covers('device flow with `authorization_pending`');
leave();
