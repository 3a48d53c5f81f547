// How a client's program talks with the test that started it: lines of JSON, both ways.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

// Where the server and the clients' site are, and the clients' secrets.
export const settings = JSON.parse(process.env.INTEROP_SETTINGS);

export function introduce(name) {
  const { version } = JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url), 'utf8'));
  write({ client: name, version });
}

// Said after it was seen to work.
export const covers = (what) => write({ covers: what });

// At the end; an open standard input keeps Node running.
export const leave = () => process.stdin.destroy();

async function ask(question) {
  write(question);
  const { value, done } = await lines.next();
  if (done) {
    throw new Error('the test has gone');
  }
  return JSON.parse(value);
}

// A person visits an address in a browser, signs in and allows what is asked; the answer is what reached the client in the end.
export async function visit(url) {
  const { url: reached, form } = await ask({ visit: `${url}` });
  if (form === null) {
    return new URL(reached);
  }
  return new Request(reached, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: form });
}

export const takeKeyOut = (kid) => ask({ takeKeyOut: kid });

export async function rejects(promise, predicate, what) {
  const error = await promise.then(() => null, (reason) => reason);
  if (error === null) {
    throw new Error(`${what}: was not refused`);
  }
  if (!predicate(error)) {
    throw new Error(`${what}: refused otherwise`, { cause: error });
  }
}

export function same(actual, expected, what) {
  if (actual !== expected) {
    throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
}

export function holds(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
}
