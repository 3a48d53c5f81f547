import * as client from 'openid-client';
import { covers, holds, introduce, leave, rejects, same, settings, visit } from './conversation.js';

introduce('openid-client');
const issuer = new URL(settings.issuer);
const redirectUri = `${settings.site}/callback`;
const discover = (id, metadata, authentication) => client.discovery(issuer, id, metadata, authentication);

async function authorize(config, more = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce(), idTokenExpected: true };
  const parameters = {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access orders.read',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  };
  return { checks, url: client.buildAuthorizationUrl(config, parameters), parameters };
}

const basic = await discover('code-basic', {}, client.ClientSecretBasic(settings.secret));
same(basic.serverMetadata().issuer, settings.issuer, 'issuer');
const oauth = await client.discovery(issuer, 'code-basic', {}, client.ClientSecretBasic(settings.secret), { algorithm: 'oauth2' });
same(oauth.serverMetadata().token_endpoint, basic.serverMetadata().token_endpoint, 'token endpoint');
covers('discovery: OpenID Connect and RFC 8414');

const { checks, url } = await authorize(basic);
const tokens = await client.authorizationCodeGrant(basic, await visit(url), checks);
covers('authorization code with PKCE, `state`, `nonce` and `iss`');
const { sub } = tokens.claims();
const person = await client.fetchUserInfo(basic, tokens.access_token, sub);
same(person.email, 'alice@example.com', 'email');
covers('userinfo');

const refreshed = await client.refreshTokenGrant(basic, tokens.refresh_token);
holds(refreshed.refresh_token !== tokens.refresh_token, 'the refresh token was not rotated');
same((await client.fetchUserInfo(basic, refreshed.access_token, sub)).sub, sub, 'sub');
covers('refresh with rotation');

// Once more rotated, the first refresh token is older than the one before the last: a replay, which ends the grant.
const last = await client.refreshTokenGrant(basic, refreshed.refresh_token);
await rejects(client.refreshTokenGrant(basic, tokens.refresh_token), (error) => error.error === 'invalid_grant', 'replay');
await rejects(client.refreshTokenGrant(basic, last.refresh_token), (error) => error.error === 'invalid_grant', 'refresh after a replay');
covers('replayed refresh token ends the grant');

const posted = await discover('code-post', { id_token_signed_response_alg: 'PS256' }, client.ClientSecretPost(settings.secret));
const form = await authorize(posted, { response_mode: 'form_post' });
const byForm = await client.authorizationCodeGrant(posted, await visit(form.url), form.checks);
same(JSON.parse(atob(byForm.id_token.split('.')[0])).alg, 'PS256', 'alg of the ID token');
covers('`form_post`, ID token in PS256');

const asked = await authorize(posted, {
  claims: JSON.stringify({ id_token: { email: null, auth_time: { essential: true } }, userinfo: { nickname: null } }),
  max_age: '3600',
});
const claimed = await client.authorizationCodeGrant(posted, await visit(asked.url), { ...asked.checks, maxAge: 3600 });
same(claimed.claims().email, 'alice@example.com', 'email in the ID token');
same((await client.fetchUserInfo(posted, claimed.access_token, sub)).nickname, 'Al', 'nickname');
covers('`claims`, `max_age`');

const late = await authorize(basic, { prompt: 'none', max_age: '0' });
await rejects(
  client.authorizationCodeGrant(basic, await visit(late.url), late.checks), (error) => error.error === 'login_required', 'prompt=none, max_age=0');
const silent = await authorize(basic, { prompt: 'none', id_token_hint: tokens.id_token });
same((await client.authorizationCodeGrant(basic, await visit(silent.url), silent.checks)).claims().sub, sub, 'sub');
covers('`prompt=none` with `id_token_hint`, and its refusal');

const key = await crypto.subtle.importKey('jwk', settings.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
const signed = await discover('code-key', { id_token_signed_response_alg: 'ES256' }, client.PrivateKeyJwt({ key, kid: settings.key.kid }));
for (const [method, config] of [['basic', basic], ['post', posted], ['key', signed]]) {
  const { access_token: token } = await client.clientCredentialsGrant(config, { scope: 'orders.read', resource: 'https://orders.example' });
  holds(token.split('.').length === 3, method);
}
covers('client credentials by `client_secret_basic`, `client_secret_post` and `private_key_jwt`, with `resource`');

{
  const { parameters, checks: expected } = await authorize(signed);
  const request = await client.buildAuthorizationUrlWithJAR(signed, parameters, { key, kid: settings.key.kid });
  const answer = await client.authorizationCodeGrant(signed, await visit(request), expected);
  same(JSON.parse(atob(answer.id_token.split('.')[0])).alg, 'ES256', 'alg of the ID token');
  covers('request object (RFC 9101), ID token in ES256');
}

const device = await discover('device', {}, client.None());
const started = await client.initiateDeviceAuthorization(device, { scope: 'openid profile offline_access' });
holds(started.verification_uri_complete.includes(started.user_code), 'verification_uri_complete');
await visit(started.verification_uri_complete);
const onDevice = await client.pollDeviceAuthorizationGrant(device, started);
same(onDevice.claims().sub, sub, 'sub');
covers('device flow');

const api = await discover('orders-api', {}, client.ClientSecretBasic(settings.secret));
const again = await authorize(basic);
const standing = await client.authorizationCodeGrant(basic, await visit(again.url), again.checks);
same((await client.tokenIntrospection(api, standing.access_token)).active, true, 'active');
covers('introspection');
await client.tokenRevocation(basic, standing.refresh_token, { token_type_hint: 'refresh_token' });
same((await client.tokenIntrospection(api, standing.access_token)).active, false, 'active after revocation');
covers('revocation');

const end = client.buildEndSessionUrl(basic, {
  id_token_hint: standing.id_token, post_logout_redirect_uri: `${settings.site}/`, state: 'over',
});
const left = await visit(end);
same(`${left}`, `${settings.site}/?state=over`, 'where the browser was sent after signing out');
covers('end session');
leave();
