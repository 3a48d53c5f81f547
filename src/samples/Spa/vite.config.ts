import { defineConfig } from 'vite';

// Where the identity provider and the API are; the environment may say otherwise when the app is built or served.
process.env.VITE_ISSUER ??= 'http://localhost:5080';
process.env.VITE_ORDERS_API ??= 'http://localhost:5101';

// The port is part of the registered redirect URI: a busy one is an error, not a reason to take another.
const address = { host: 'localhost', port: Number(process.env.PORT ?? 5173), strictPort: true };

export default defineConfig({ server: address, preview: address });
