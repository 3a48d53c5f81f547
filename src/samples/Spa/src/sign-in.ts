import { ErrorResponse, InMemoryWebStorage, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';

const issuer: string = import.meta.env.VITE_ISSUER;
const here = window.location.origin;

export const manager = new UserManager({
  authority: issuer,
  client_id: 'spa',
  redirect_uri: here + '/callback',
  silent_redirect_uri: here + '/callback',
  post_logout_redirect_uri: here + '/',
  scope: 'openid profile email offline_access orders.read orders.write',

  // The ID token says who; the name comes from userinfo.
  loadUserInfo: true,

  // Tokens live in this page's memory: no other script of this origin finds them in a storage, and they end with the page.
  userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),

  // What must outlive the way to the sign-in page and back: state and PKCE verifier, worthless without the code.
  stateStore: new WebStorageStateStore({ store: window.sessionStorage }),

  // A minute before the access token expires, with the refresh token; each one is used once (RFC 9700 §4.14.2).
  automaticSilentRenew: true,
  accessTokenExpiringNotificationTimeInSeconds: 60,

  // The refresh token would outlive the sign-out.
  revokeTokensOnSignout: true,
  revokeTokenTypes: ['refresh_token'],
});

/** Ends in this page, or in the hidden frame that `prompt=none` used. */
export const isCallback = () => window.location.pathname === '/callback';
export const isFrame = () => window.self !== window.top;

/** Someone came back from the sign-in page. Throws what the identity provider or the library says against it. */
export async function finishSignIn(): Promise<User> {
  const answer = new URL(window.location.href);

  // The code must not stay in the address bar and the history, whatever comes of it.
  window.history.replaceState(null, '', '/');

  // RFC 9207 §2.4: another server's answer must not be sent to ours. The library does not check it.
  if (answer.searchParams.get('iss') !== issuer) {
    throw new Error('The answer comes from another issuer.');
  }
  return manager.signinRedirectCallback(answer.href);
}

/** After a reload the memory is empty; whoever is still signed in at the identity provider is not asked again. */
export async function resume(): Promise<User | null> {
  try {
    return await manager.signinSilent({ forceIframeAuth: true, silentRequestTimeoutInSeconds: 10 });
  } catch (error) {
    // login_required, consent_required and the like (OIDC Core §3.1.2.6) are no mistakes: somebody has to press the button.
    if (error instanceof ErrorResponse) {
      return null;
    }
    throw error;
  }
}

/** New tokens now, by refresh token or by `prompt=none`. */
export async function renew(by: 'refresh token' | 'prompt=none'): Promise<void> {
  await manager.signinSilent({ forceIframeAuth: by === 'prompt=none' }).catch(endIfRefused);
}

/** Refused: the sign-in has ended elsewhere. Not reached: the access token is good for a while, and there is another try. */
export async function endIfRefused(error: Error): Promise<never> {
  if (error instanceof ErrorResponse) {
    await manager.removeUser();
    throw new Error('Your sign-in has ended. Sign in again.');
  }
  throw error;
}
