import { manager } from './sign-in';

const api: string = import.meta.env.VITE_ORDERS_API;

export interface Order {
  number: number;
  item: string;
  quantity: number;
  placedThrough: string;
}

export const listOrders = async (): Promise<Order[]> => (await send('GET')).json();

export const placeOrder = async (item: string, quantity: number): Promise<void> => {
  await send('POST', { item, quantity });
};

async function send(method: string, body?: unknown): Promise<Response> {
  const user = await manager.getUser();
  const response = await fetch(api + '/orders', {
    method,
    headers: {
      Authorization: 'Bearer ' + (user?.access_token ?? ''),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new Error(`The orders API at ${api} does not answer. Start it: dotnet run --project src/samples/ResourceApi`);
  });
  if (response.status === 401) {
    // Withdrawn: signed out elsewhere, or the account was disabled. What is kept here is of no use any more.
    await manager.removeUser();
    throw new Error('The orders API no longer accepts your sign-in. Sign in again.');
  }
  if (!response.ok) {
    throw new Error(response.status === 403
      ? 'You did not allow this app to do that. Sign in again and allow it.'
      : `The orders API answered ${response.status}.`);
  }
  return response;
}
