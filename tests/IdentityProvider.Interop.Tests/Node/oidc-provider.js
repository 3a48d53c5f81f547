// An OpenID Provider that others wrote, as the one that people sign in with: oidc-provider. Its own pages take any name and any password.
import http from 'node:http';
import { Provider } from 'oidc-provider';

const settings = JSON.parse(process.env.PROVIDER_SETTINGS);
const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'hosted',
      client_secret: settings.secret,
      redirect_uris: [settings.redirectUri],
      grant_types: ['authorization_code'],
    }],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    cookies: { keys: ['only for this process'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of oidc-provider`, email: `${id}@example.org`, email_verified: true }),
    }),
  });
  server.on('request', provider.callback());
  console.log(`Now listening on: ${issuer}`);
});
