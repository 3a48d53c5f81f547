import type { User } from 'oidc-client-ts';
import { listOrders, placeOrder } from './orders';
import { endIfRefused, finishSignIn, isCallback, isFrame, manager, renew, resume } from './sign-in';

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

function say(id: 'notice' | 'problem', text: string): void {
  find('notice').hidden = find('problem').hidden = true;
  find(id).textContent = text;
  find(id).hidden = text === '';
}

/** Runs what a button stands for; what fails is told on the page. */
async function attempt(action: () => Promise<string | void>): Promise<void> {
  try {
    say('notice', (await action()) ?? '');
  } catch (error) {
    say('problem', error instanceof Error ? error.message : String(error));
  }
}

/** The page for `user`, or for nobody. */
function show(user: User | null): void {
  find('account').hidden = find('orders').hidden = user === null;
  find('welcome').hidden = user !== null;
  find('name').textContent = user?.profile.name ?? user?.profile.sub ?? '';
  find('expiry').textContent = user?.expires_at ? new Date(user.expires_at * 1000).toLocaleTimeString() : '';
}

async function showOrders(): Promise<void> {
  const rows = (await listOrders()).reverse().map((order) => {
    const row = document.createElement('tr');
    for (const value of [order.number, order.item, order.quantity, order.placedThrough]) {
      row.insertCell().textContent = String(value);
    }
    return row;
  });
  document.querySelector('tbody')!.replaceChildren(...rows);
}

async function start(): Promise<void> {
  manager.events.addUserLoaded(show);
  manager.events.addUserUnloaded(() => show(null));
  manager.events.addAccessTokenExpired(() => manager.removeUser());
  manager.events.addSilentRenewError((error) => attempt(() => endIfRefused(error)));

  find('sign-in').onclick = () => attempt(() => manager.signinRedirect());
  find('sign-out').onclick = () => attempt(() => manager.signoutRedirect());
  find('refresh').onclick = () => attempt(async () => {
    await renew('refresh token');
    return 'Renewed by refresh token.';
  });
  find('renew').onclick = () => attempt(async () => {
    await renew('prompt=none');
    return 'Renewed by prompt=none.';
  });
  find('order').onsubmit = (event) => {
    event.preventDefault();
    const form = new FormData(find<HTMLFormElement>('order'));
    void attempt(async () => {
      await placeOrder(String(form.get('item')), Number(form.get('quantity')));
      find<HTMLFormElement>('order').reset();
      await showOrders();
      return 'Your order is placed.';
    });
  };

  await attempt(async () => {
    const user = isCallback() ? await finishSignIn() : await resume();
    show(user);
    if (user !== null) {
      await showOrders();
    }
  });
  if ((await manager.getUser()) === null) {
    show(null);
  }
}

if (isCallback() && isFrame()) {
  // The frame of prompt=none: hands its address to the page around it, and that is all it does.
  await manager.signinSilentCallback();
} else {
  await start();
}
