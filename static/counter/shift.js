// The drawer: cash in and out, the X report, the blind count at the end with its differences, and the Z report.
import { ask, form, hushAlarm, say } from "./dialogs.js";
import { button, entry, fill, make } from "./dom.js";
import { LARGEST_AMOUNT, readRupiah, rupiah } from "./money.js";
import { clockOf, dayText } from "./moments.js";
import { askSupervisor } from "./pin_pad.js";
import { reasonField } from "./cart_acts.js";
import { openDrawer, printReport } from "./print.js";
import { countOf } from "./sale.js";
import { expected } from "./tally.js";

/** So often in a shift a drawer is opened without a supervisor, to change a note (orders.counter.cash.FREE_OPENINGS). */
const FREE_OPENINGS = 3;
const METHODS = ["cash", "qris", "card", "transfer"];
const DENOMINATIONS = [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100];

/** Cash beside sales; out above the outlet's limit only with a supervisor. */
export async function moveCash(till) {
  const { t } = till;
  const moved = await ask(t, t("cash.title"), (close) => {
    let direction = "out";
    const ways = make("div", { class: "chips", role: "group", "aria-label": t("cash.title") }, ["out", "in"].map((each) => button(t(`cash.${each}`), () => {
      direction = each;
      for (const other of ways.children) other.setAttribute("aria-pressed", String(other.dataset.way === each));
    }, { "data-way": each, "aria-pressed": String(each === direction) })));
    const amount = entry(t("pay.amount"), { id: "cash-amount", mode: "numeric", maxlength: "11" });
    amount.box.setAttribute("data-first", "");
    const reason = reasonField(t, [t("reason.change"), t("reason.bank"), t("reason.purchase")]);
    const read = () => {
      const number = readRupiah(amount.box.value);
      if (!(number >= 1 && number <= LARGEST_AMOUNT)) return { wrong: t("discount.wrong") };
      if (reason.read().length < 3) return { wrong: t("dialog.reason_short"), at: reason.box };
      return { value: { direction, amount: number, reason: reason.read() } };
    };
    return form(t, close, [ways, amount.field, reason.field], read, t("cash.act"));
  }, { onCode: () => till.ring("refused") });
  if (!moved) return;
  const isAbove = moved.direction === "out" && moved.amount > (till.catalogue.outlet().cash_out_limit ?? 0);
  const supervision = isAbove ? await askSupervisor(till, t("cash.above"), moved.reason, `${t("cash.out")}: ${rupiah(moved.amount)}`) : null;
  if (isAbove && !supervision) return;
  await till.write("cash_moved", { ...moved, supervision });
  openDrawer();
  say(t("cash.done", { amount: rupiah(moved.amount) }), "good");
}

/** The drawer without a sale: written down, and from the fourth time in a shift with a supervisor. */
export async function openWithoutSale(till) {
  const { t } = till;
  const reason = await ask(t, t("drawer.title"), (close) => {
    const field = reasonField(t, [t("reason.change"), t("reason.check")]);
    return form(t, close, [field.field], () => (field.read().length >= 3 ? { value: field.read() } : { wrong: t("dialog.reason_short") }), t("drawer.act"));
  });
  if (!reason) return;
  const isOften = (await till.store.shift()).drawer_opened >= FREE_OPENINGS;
  const supervision = isOften ? await askSupervisor(till, t("drawer.often"), reason) : null;
  if (isOften && !supervision) return;
  await till.write("drawer_opened", { reason, supervision });
  openDrawer();
  say(t("drawer.done"), "good");
}

/** The report's parts: [{title, rows: [[label, figure]]}]. `counted` is null before the count. */
export function reportParts(till, shift) {
  const { t } = till;
  const sums = expected(shift);
  const methods = METHODS.filter((method) => shift.tenders[method] || method === "cash");
  const parts = [
    { title: t("report.sales"), rows: [
      [t("report.count"), String(shift.sales.count)],
      [t("report.total"), `=${rupiah(shift.sales.total)}`],
      ...(shift.sales.discount ? [[t("cart.discount"), rupiah(shift.sales.discount)]] : []),
      ...(shift.sales.rounding ? [[t("pay.rounding_line"), rupiah(shift.sales.rounding)]] : []),
      ...(shift.returns.count ? [[t("report.returns", { count: shift.returns.count }), rupiah(-shift.returns.amount)]] : []),
    ] },
    { title: t("report.tenders"), rows: methods.map((method) => [t(`tender.${method}`), rupiah(shift.tenders[method]?.amount ?? 0)]) },
    { title: t("report.drawer"), rows: [
      [t("shift.float"), rupiah(shift.opening_float)],
      [t("tender.cash"), rupiah(shift.tenders.cash?.amount ?? 0)],
      [t("cash.in"), rupiah(shift.cash_in)],
      [t("cash.out"), rupiah(-shift.cash_out)],
      ...(shift.returns.cash ? [[t("report.returned_cash"), rupiah(-shift.returns.cash)]] : []),
      [t("report.expected"), `=${rupiah(sums.cash)}`],
    ] },
    { title: t("report.watch"), rows: [
      [t("report.cancelled"), `${shift.cancelled.count} · ${rupiah(shift.cancelled.total)}`],
      [t("report.drawer_opened"), String(shift.drawer_opened)],
    ] },
  ];
  if (shift.counted) {
    parts.push({ title: t("report.counted"), rows: differences(shift).map(({ method, counted, difference }) => [t(`tender.${method}`), difference ? `${rupiah(counted)} (${signed(difference)})` : rupiah(counted)]) });
  }
  return parts;
}

function signed(amount) {
  return amount > 0 ? `+${rupiah(amount)}` : rupiah(amount).replace("-", "−");
}

/** [{method, expected, counted, difference}] of every tender that was used or counted. */
export function differences(shift, counted = shift.counted) {
  const sums = expected(shift);
  return METHODS.filter((method) => sums[method] || counted[method]).map((method) => ({
    method, expected: sums[method] ?? 0, counted: counted[method] ?? 0, difference: (counted[method] ?? 0) - (sums[method] ?? 0),
  }));
}

function headOf(till, shift) {
  const { t } = till;
  const zone = till.device.outlet.zone;
  const opened = clockOf(Date.parse(shift.opened_at), zone);
  const closed = shift.closed_at ? clockOf(Date.parse(shift.closed_at), zone) : null;
  const cashier = till.catalogue.staff().find((each) => each.code === shift.cashier)?.name ?? shift.cashier;
  return [t("report.shift", { number: shift.number, till: till.device.till.name }), `${dayText(shift.business_date, till.language)} · ${closed ? `${opened}–${closed}` : opened} ${zone}`, cashier];
}

function reportCard(till, shift, title) {
  return make("article", { class: "report" }, make("h2", {}, title), headOf(till, shift).map((text) => make("p", { class: "report-head" }, text)),
    reportParts(till, shift).map((part) => make("section", {}, make("h3", {}, part.title), make("dl", { class: "sums" }, part.rows.map(([label, figure]) => [
      make("dt", { class: figure.startsWith("=") ? "sum-total" : null }, label), make("dd", { class: figure.startsWith("=") ? "sum-total" : null }, figure.replace(/^=/, "")),
    ])))));
}

async function printShift(till, shift, title, foot = []) {
  const { t } = till;
  const result = await printReport({ outlet: till.catalogue.outlet().name, title, head: headOf(till, shift), sections: reportParts(till, shift), foot, signatures: [t("report.cashier"), t("report.supervisor")] });
  if (!result.ok) say(t(`print.${result.reason}`), "bad");
}

/** The figures so far: nothing is reset by looking. Only for a supervisor, because the close is counted blind. */
export async function reportX(till) {
  const { t } = till;
  if (!till.person.is_supervisor && !(await askSupervisor(till, t("report.x_why"), t("report.x")))) return;
  const shift = await till.store.shift();
  if (!shift) return;
  await ask(t, t("report.x"), (close) => [reportCard(till, shift, t("report.x")), make("div", { class: "sheet-acts" },
    button(t("paid.print"), () => printShift(till, shift, t("report.x")), { drawing: "print" }), button(t("dialog.understood"), () => close(true), { look: "primary" }))], { wide: true });
}

/** The blind count. */
export function closeScreen(till, { leave, closed }) {
  const { t } = till;
  const numbers = new Map();
  const others = new Map();
  const sum = make("strong", { class: "count-sum", "aria-live": "polite" }, rupiah(0));
  const place = make("div", { class: "close" });
  let firstCount = null;

  const counted = () => ({ cash: countOf(numbers).cash, ...Object.fromEntries([...others].map(([method, box]) => [method, readRupiah(box.value || "0")])) });
  const numberBox = (value) => make("input", { type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "5", id: `count-${value}`, class: "count-box", value: numbers.get(value) ? String(numbers.get(value)) : "", on: { input: (event) => {
    numbers.set(value, Number(event.target.value.replace(/\D/g, "")) || 0);
    sum.textContent = rupiah(countOf(numbers).cash);
    event.target.closest("li").querySelector("output").textContent = rupiah(value * numbers.get(value));
  } } });

  const drawCount = () => {
    const waits = till.sync.state.waiting;
    const rows = make("ol", { class: "count" }, DENOMINATIONS.map((value) => make("li", {}, make("label", { for: `count-${value}` }, rupiah(value)), make("span", { "aria-hidden": "true" }, "×"), numberBox(value), make("output", { for: `count-${value}` }, rupiah(value * (numbers.get(value) ?? 0))))));
    for (const method of ["qris", "card", "transfer"]) others.set(method, make("input", { id: `sum-${method}`, type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "11", value: others.get(method)?.value ?? "" }));
    const send = (event) => {
      event.preventDefault();
      const found = counted();
      const wrong = Object.keys(found).find((method) => !(found[method] >= 0 && found[method] <= LARGEST_AMOUNT));
      if (wrong) {
        say(t("discount.wrong"), "bad");
        return others.get(wrong)?.focus();
      }
      hushAlarm();
      firstCount ??= found;
      return drawDifferences(found);
    };
    fill(place, make("form", { class: "close-form", novalidate: true, on: { submit: send } },
      make("h1", {}, t("close.title")), make("p", { class: "entrance-lead" }, t("close.lead")),
      waits ? make("p", { class: "notice-line" }, till.count("close.waiting", waits)) : null,
      make("div", { class: "close-parts" }, make("section", {}, make("h2", {}, t("tender.cash")), rows, make("p", { class: "count-total" }, t("close.cash_sum"), " ", sum)),
        make("section", {}, make("h2", {}, t("close.others")), make("p", { class: "field-hint" }, t("close.others_hint")),
          [...others].map(([method, box]) => make("div", { class: "field" }, make("label", { class: "field-label", for: box.id }, t(`close.${method}`)), box)))),
      make("div", { class: "sheet-acts" }, button(t("dialog.back"), leave), make("button", { type: "submit", class: "key key-primary key-large" }, t("close.check")))));
    sum.textContent = rupiah(countOf(numbers).cash);
    place.querySelector("input")?.focus();
  };

  const drawDifferences = async (found) => {
    const shift = await till.store.shift();
    const rows = differences(shift, found);
    const boxes = new Map();
    const body = rows.map(({ method, expected: should, counted: is, difference }) => {
      const reason = difference ? make("input", { id: `why-${method}`, type: "text", maxlength: "60", autocomplete: "off", "aria-label": t("close.why", { way: t(`tender.${method}`) }), placeholder: t("close.why_short") }) : null;
      if (reason) boxes.set(method, reason);
      return make("tr", {}, make("th", { scope: "row" }, t(`tender.${method}`)), make("td", { data: { label: t("close.col_expected") } }, rupiah(should)), make("td", { data: { label: t("close.col_counted") } }, rupiah(is)),
        make("td", { class: difference ? "is-off" : "is-right", data: { label: t("close.col_difference") } }, difference ? signed(difference) : t("close.right")), make("td", {}, reason));
    });
    const finish = async () => {
      const missing = [...boxes].find(([, box]) => box.value.trim().length < 3);
      if (missing) {
        missing[1].focus();
        return say(t("close.why_missing"), "bad");
      }
      const notes = [...boxes].map(([method, box]) => `${t(`tender.${method}`)}: ${box.value.trim()}`);
      if (JSON.stringify(firstCount) !== JSON.stringify(found)) notes.push(t("close.first_count", { amount: rupiah(firstCount.cash) }));
      await till.write("shift_closed", { counted: found, denominations: countOf(numbers).denominations, note: notes.join("; ").slice(0, 240) });
      return closed();
    };
    fill(place, make("div", { class: "close-form" }, make("h1", {}, t("close.differences")),
      make("table", { class: "differences" }, make("thead", {}, make("tr", {}, ["tender", "expected", "counted", "difference", "explained"].map((name) => make("th", { scope: "col" }, t(`close.col_${name}`))))), make("tbody", {}, body)),
      make("div", { class: "sheet-acts" }, button(t("close.again"), drawCount), button(t("close.act"), finish, { look: "primary", large: true, "data-close": true }))));
    (boxes.values().next().value ?? place.querySelector("[data-close]")).focus();
  };

  drawCount();
  return { element: place, focus: () => place.querySelector("input")?.focus(), escape: leave, onCode: () => till.ring("refused") };
}

/** The Z report of the shift that was just closed; provisional until the server has all of it. */
export function reportScreen(till, shift, { done }) {
  const { t } = till;
  // The last entry of a shift is its close: one that waits alone says nothing that this report does not.
  const isProvisional = () => till.sync.state.waiting > 1;
  const notice = make("p", { class: "notice-line" }, t("close.provisional"));
  const showNotice = () => { notice.hidden = !isProvisional(); };
  const print = () => printShift(till, shift, t("report.z"), isProvisional() ? [t("close.provisional")] : []);
  const element = make("div", { class: "close" }, make("div", { class: "close-form" }, notice, reportCard(till, shift, t("report.z")),
    make("div", { class: "sheet-acts" }, button(t("paid.print"), print, { drawing: "print" }), button(t("report.done"), done, { look: "primary", "data-first": true }))));
  showNotice();
  till.sync.addEventListener("change", showNotice);
  return {
    element,
    focus: () => element.querySelector("[data-first]").focus(),
    onCode: () => till.ring("refused"),
    close: () => till.sync.removeEventListener("change", showNotice),
  };
}
