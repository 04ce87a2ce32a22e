// A YooKassa to sell through while something is measured or killed: it keeps what was made and paid in this process, whatever happens
// to the school's servers. Only what the school's adapter asks for is there; the strict one is in src/tests/providers.
import http from 'node:http';

const SHOP = '100500';
export const SECRET = 'test_fixture_secret';
export const settings = (port) => ({ YOOKASSA_SHOP_ID: SHOP, YOOKASSA_SECRET_KEY: SECRET, YOOKASSA_API_URL: `http://127.0.0.1:${port}/v3` });

const decimal = (minor) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
const minor = (amount) => Number(amount.value.replace('.', ''));

/** Opens the shop at a port. It is as far away as a real one: each answer takes so many milliseconds. */
export function openShop(port, away = 300) {
  const payments = new Map();
  const keys = new Map();
  const say = (response, status, body) => {
    const text = JSON.stringify(body);
    setTimeout(() => { response.writeHead(status, { 'content-type': 'application/json' }); response.end(text); }, away);
  };
  const visible = ({ paidAt, refunded, ...rest }) => ({ ...rest, refunded_amount: { value: decimal(refunded), currency: rest.amount.currency } });
  const create = (body) => {
    const id = `30b1a2c3-000f-5000-8000-${String(payments.size).padStart(12, '0')}`;
    const made = {
      id, status: 'pending', paid: false, amount: body.amount, description: body.description, metadata: body.metadata, test: true, refundable: false,
      recipient: { account_id: SHOP, gateway_id: '2' }, created_at: new Date().toISOString(),
      confirmation: { type: 'redirect', confirmation_url: `https://pay.example/${id}` }, refunded: 0,
    };
    payments.set(id, made);
    return made;
  };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url, 'http://shop');
      if (request.headers.authorization !== `Basic ${Buffer.from(`${SHOP}:${SECRET}`).toString('base64')}`) return say(response, 401, { type: 'error', code: 'invalid_credentials' });
      const [, , kind, id] = pathname.split('/');
      if (request.method === 'POST' && kind === 'payments' && !id) {
        const key = request.headers['idempotence-key'];
        const body = Buffer.concat(parts).toString();
        const known = keys.get(key);
        if (!key || (known && known.body !== body)) return say(response, 400, { type: 'error', code: 'invalid_request', description: 'one key, two requests' });
        const made = known?.made ?? create(JSON.parse(body));
        keys.set(key, { body, made });
        return say(response, 200, visible(made));
      }
      if (request.method === 'GET' && kind === 'payments' && id) {
        const found = payments.get(id);
        return found ? say(response, 200, visible(found)) : say(response, 404, { type: 'error', code: 'not_found' });
      }
      if (request.method === 'GET' && kind === 'payments') {
        const [from, until] = [searchParams.get('created_at.gte'), searchParams.get('created_at.lt')];
        const start = Number(searchParams.get('cursor') ?? 0);
        const within = [...payments.values()].filter(({ created_at }) => created_at >= from && created_at < until);
        const next = start + 100 < within.length ? { next_cursor: String(start + 100) } : {};
        return say(response, 200, { type: 'list', items: within.slice(start, start + 100).map(visible), ...next });
      }
      return say(response, 404, { type: 'error', code: 'not_found' });
    });
  });
  return new Promise((opened) => {
    server.listen(port, '127.0.0.1', () => opened({
      payments,
      /** The payment with the school's number. */
      of: (number) => [...payments.values()].find(({ metadata }) => metadata.number === number),
      /** The payer pays. */
      pay: (payment) => Object.assign(payment, { status: 'succeeded', paid: true, paidAt: Date.now(), confirmation: undefined }),
      /** The payer is declined. */
      decline: (payment) => Object.assign(payment, { status: 'canceled', cancellation_details: { party: 'payment_network', reason: 'insufficient_funds' }, confirmation: undefined }),
      /** Somebody gives money back at the shop's own desk. */
      giveBack: (payment, part) => { payment.refunded = Math.min(payment.refunded + part, minor(payment.amount)); },
      minor: (payment) => minor(payment.amount),
      /** The body of a notification. */
      notification: (payment, event = 'payment.succeeded') => JSON.stringify({ type: 'notification', event, object: { ...visible(payment), status: event.split('.')[1] } }),
    }));
  });
}
