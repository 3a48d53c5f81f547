const problems = {
  denied: 'You did not allow this site to sign you in.',
  'sign-in': 'Signing in did not work: it took too long, was used twice, or came from somewhere else. Start again.',
  issuer: 'The identity provider is not running. Start it: dotnet run --project src/IdentityProvider.Server',
};

const find = (id) => document.getElementById(id);

function say(id, text) {
  find('notice').hidden = find('problem').hidden = true;
  find(id).textContent = text;
  find(id).hidden = text === '';
}

function show(user) {
  find('account').hidden = find('orders').hidden = user === null;
  find('welcome').hidden = user !== null;
  find('name').textContent = user?.name ?? user?.sub ?? '';
}

/** Asks the back end. The header is what a page of another origin cannot send along with our cookie. */
async function ask(path, method = 'GET', body) {
  const response = await fetch(path, {
    method,
    headers: { 'X-BFF': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401) {
    show(null);
    throw new Error('Your sign-in has ended. Sign in again.');
  }
  if (!response.ok) {
    const { detail } = await response.json().catch(() => ({}));
    throw new Error(detail ?? `The answer was ${response.status}.`);
  }
  return response;
}

/** Runs what a button stands for; what fails is told on the page. */
async function attempt(action) {
  try {
    say('notice', (await action()) ?? '');
  } catch (error) {
    say('problem', error.message);
  }
}

async function showOrders() {
  const orders = await (await ask('/api/orders')).json();
  document.querySelector('tbody').replaceChildren(...orders.reverse().map((order) => {
    const row = document.createElement('tr');
    for (const value of [order.number, order.item, order.quantity, order.placedThrough]) {
      row.insertCell().textContent = value;
    }
    return row;
  }));
}

find('sign-out').onclick = () => attempt(async () => {
  const { location } = await (await ask('/bff/logout', 'POST')).json();
  window.location.assign(location);
});

find('order').onsubmit = (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  void attempt(async () => {
    await ask('/api/orders', 'POST', { item: form.get('item'), quantity: Number(form.get('quantity')) });
    event.target.reset();
    await showOrders();
    return 'Your order is placed.';
  });
};

const problem = problems[new URLSearchParams(window.location.search).get('problem')];
window.history.replaceState(null, '', '/');
const answer = await fetch('/bff/user', { headers: { 'X-BFF': '1' } });
show(answer.ok ? await answer.json() : null);
if (problem !== undefined) {
  say('problem', problem);
} else if (answer.ok) {
  await attempt(showOrders);
}
