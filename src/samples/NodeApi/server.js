import express from 'express';
import { accessTokens } from './access-tokens.js';

const issuer = process.env.Issuer ?? 'http://localhost:5080';
const audience = process.env.Audience ?? 'https://orders.example';
const port = Number(process.env.PORT ?? 5102);

const app = express();
const requireScope = accessTokens({ issuer, audience });
const orders = [{ number: 1, item: 'Darjeeling', quantity: 2, placedBy: 'the shop', placedThrough: 'the shop' }];

app.disable('x-powered-by');

app.get('/', (request, response) => response.type('text').send('Orders API. Ask for /orders with an access token.'));

app.get('/orders', requireScope('orders.read'), (request, response) => response.json(orders));

app.post('/orders', requireScope('orders.write'), express.json({ limit: '4kb' }), (request, response) => {
  const { item, quantity } = request.body ?? {};
  if (typeof item !== 'string' || item.length < 1 || item.length > 100
    || !Number.isInteger(quantity) || quantity < 1 || quantity > 1000) {
    return response.status(400).end();
  }
  const order = {
    number: orders.at(-1).number + 1, item, quantity, placedBy: request.token.sub, placedThrough: request.token.client_id,
  };
  orders.push(order);
  orders.splice(0, orders.length - 100);
  return response.status(201).location('/orders').json(order);
});

// A body that cannot be read is the caller's fault, and no reason to show a stack.
app.use((error, request, response, next) => {
  if (response.headersSent) {
    return next(error);
  }
  return response.status(error.status ?? 500).end();
});

// Loopback only: a sample is not to be found by the neighbours.
const server = app.listen(port, 'localhost', (error) => {
  if (error) {
    console.error(`cannot listen on port ${port}: ${error.message}`);
    process.exit(1);
  }
  console.log(`Now listening on: http://localhost:${server.address().port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => server.close(() => process.exit(0)));
}
