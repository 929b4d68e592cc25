/** The running figures of a shift at the till, entry by entry: what an X report says offline. Pure; tests hold it against Python. */

/**
 * @typedef {Object} Shift
 * @property {string} code UUID
 * @property {number} number
 * @property {string} business_date
 * @property {string} opened_at ISO, the device's clock put right
 * @property {string} cashier code of who sells now
 * @property {number} opening_float
 * @property {Object<string, {count: number, amount: number}>} tenders by method; of cash: what stayed in the drawer
 * @property {{count: number, total: number, discount: number, rounding: number}} sales
 * @property {{count: number, amount: number, cash: number}} returns `cash`: what left the drawer for them
 * @property {number} cash_in
 * @property {number} cash_out
 * @property {number} drawer_opened
 * @property {{count: number, lines: number, total: number}} cancelled
 * @property {string|null} closed_at
 * @property {Object|null} counted what the blind count said, by method
 */

/**
 * The state of a shift that begins with this body.
 * @param {Object} body of a shift_opened entry
 * @param {string} openedAt ISO
 * @returns {Shift}
 */
export function begin(body, openedAt) {
  return {
    code: body.shift,
    number: body.number,
    business_date: body.business_date,
    opened_at: openedAt,
    cashier: body.cashier,
    opening_float: body.opening_float,
    tenders: {},
    sales: {count: 0, total: 0, discount: 0, rounding: 0},
    returns: {count: 0, amount: 0, cash: 0},
    cash_in: 0,
    cash_out: 0,
    drawer_opened: 0,
    cancelled: {count: 0, lines: 0, total: 0},
    closed_at: null,
    counted: null,
    denominations: [],
  };
}

const STEPS = {
  sale(shift, body) {
    shift.sales.count += 1;
    shift.sales.total += body.total;
    shift.sales.discount += (body.discount ?? 0) + (body.voucher_discount ?? 0);
    for (const tender of body.tenders) {
      const sum = (shift.tenders[tender.method] ??= {count: 0, amount: 0});
      const taken = tender.method === "cash" ? tender.cash : tender.amount;
      sum.count += 1;
      sum.amount += taken;
      shift.sales.rounding += taken - tender.amount;
    }
  },
  return(shift, body) {
    shift.returns.count += 1;
    shift.returns.amount += body.amount;
    shift.returns.cash += body.cash;
  },
  cash_moved(shift, body) {
    shift[body.direction === "in" ? "cash_in" : "cash_out"] += body.amount;
  },
  drawer_opened(shift) {
    shift.drawer_opened += 1;
  },
  cart_cancelled(shift, body) {
    shift.cancelled.count += 1;
    shift.cancelled.lines += body.lines.length;
    shift.cancelled.total += body.total;
  },
  handed_over(shift, body) {
    shift.cashier = body.to;
  },
  shift_closed(shift, body) {
    shift.counted = body.counted;
    shift.denominations = body.denominations;
    shift.closed_at = body.at;
  },
};

/**
 * The state after one more entry; the given one stays as it is.
 * @param {Shift} shift
 * @param {string} kind
 * @param {Object} body
 * @returns {Shift}
 */
export function count(shift, kind, body) {
  const next = structuredClone(shift);
  STEPS[kind]?.(next, body);
  return next;
}

/**
 * What should be there by tender; cash is what the drawer should hold.
 * @param {Shift} shift
 * @returns {Object<string, number>}
 */
export function expected(shift) {
  const sums = {};
  for (const [method, sum] of Object.entries(shift.tenders)) sums[method] = sum.amount;
  sums.cash = (sums.cash ?? 0) + shift.opening_float + shift.cash_in - shift.cash_out - shift.returns.cash;
  return sums;
}
