// What the peers share: what the test hands over on standard input, and posts to our door.
import { readFileSync } from 'node:fs';

/** What src/tests/peers.rs hands over. */
export const given = JSON.parse(readFileSync(0, 'utf8'));

/** Brings something to our door; answers with its status and text. */
export async function post(headers, body) {
  const answer = await fetch(given.door, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}

/** A whole call that the test made as the provider would. */
export const ours = given.ours && { headers: Object.fromEntries(given.ours.headers), body: given.ours.body };
