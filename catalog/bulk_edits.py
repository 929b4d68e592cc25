"""One change to many products: looked at first, made by one verb per product, and taken back where that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog import collections, desk, prices, products, variants
from catalog.access import ensure_can
from catalog.models.collection import Collection, CollectionItem
from catalog.models.desk_work import BulkAct, BulkEdit, BulkItem
from catalog.models.product import Category, HalalState, Product, Variant
from kernel import audit, clock, ids
from kernel.errors import N_, Conflict, DomainError, InvalidInput, NotFound
from kernel.parsing import check_range, parse_choice, parse_text
from kernel.people import Actor, Permission

MOST_PRODUCTS = 200
#: Products changed in one transaction.
PORTION = 20
#: To what new prices are rounded.
ROUNDINGS = (100, 500, 1_000)
#: What can be taken back: a product that was withdrawn needs a decision to come again.
UNDOABLE = frozenset({BulkAct.CATEGORY, BulkAct.PRICE, BulkAct.HALAL, BulkAct.COLLECTION})
_BROKEN = N_("This product contradicts what is there already.")
_MEANWHILE = N_("Somebody changed it meanwhile.")


@dataclass(frozen=True, slots=True)
class Planned:
    """What the change does to one product: [what, old, new] of each difference, or why it cannot be made."""

    product: Product
    changes: Sequence[tuple[str, str, str]] = ()
    refusal: DomainError | None = None


def change_price(old: int, percent_bps: int, amount: int, rounding: int) -> int:
    """`old` changed by so many basis points and rupiah, rounded to the nearest `rounding`, halves up."""
    exact = old * (10_000 + percent_bps) + amount * 10_000
    step = rounding * 10_000
    return (2 * exact + step) // (2 * step) * rounding


def check_choice(session: Session, act: BulkAct, choice: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen, tidied; InvalidInput naming the field otherwise."""
    if act is BulkAct.CATEGORY:
        category = session.get(Category, choice.get("category") or 0)
        if category is None:
            raise InvalidInput(N_("Please choose a category from the list."), field="category")
        return {"category": category.id}
    if act is BulkAct.HALAL:
        return {"halal": parse_choice(HalalState, choice.get("halal") or "", field="halal").value}
    if act is BulkAct.WITHDRAW:
        return {"reason": parse_text(choice.get("reason") or "", field="reason", maximum=500, required=True)}
    if act is BulkAct.COLLECTION:
        return {"collection": collections.get_collection(session, choice.get("collection") or "").slug}
    percent = check_range(choice.get("percent_bps") or 0, -9_000, 100_000, "percent_bps")
    amount = check_range(choice.get("amount") or 0, -prices.LARGEST_PRICE, prices.LARGEST_PRICE, "amount")
    if (percent == 0) is (amount == 0):
        raise InvalidInput(N_("Type per cent or an amount, one of the two."), field="percent_bps")
    starts_on = choice.get("starts_on") or clock.today()
    if starts_on < clock.today():
        raise InvalidInput(N_("A price that buyers have seen is not changed afterwards; begin today or later."), field="starts_on")
    rounding = choice.get("rounding")
    if rounding not in ROUNDINGS:
        raise InvalidInput(N_("Please choose one of the options."), field="rounding")
    return {"percent_bps": percent, "amount": amount, "starts_on": starts_on.isoformat(), "rounding": rounding}


def choose_products(session: Session, actor: Actor, slugs: Sequence[str], wanted: desk.ProductFilter | None) -> list[Product]:
    """The products named, or all that the filter finds; at most MOST_PRODUCTS, with what a preview shows."""
    statement = select(Product.id).where(desk.below(Product.village_code, actor.area_prefixes(Permission.EDIT_PRODUCTS)))
    if wanted is None:
        found = list(session.scalars(statement.where(Product.slug.in_(slugs[:MOST_PRODUCTS]))))
    else:
        pages = -(-MOST_PRODUCTS // desk.PAGE_SIZE)
        listed = (desk.list_products(session, actor, wanted, page=number) for number in range(1, pages + 1))
        found = [product.id for page in listed for product in page.rows][:MOST_PRODUCTS]
    return load_products(session, found)


def load_products(session: Session, product_ids: Iterable[int]) -> list[Product]:
    """Products with maker, variants and prices, by name."""
    statement = select(Product).where(Product.id.in_(set(product_ids))).order_by(Product.name_id, Product.id)
    options = (joinedload(Product.maker), joinedload(Product.category), selectinload(Product.variants).selectinload(Variant.prices))
    return list(session.scalars(statement.options(*options).execution_options(populate_existing=True)))


def plan(session: Session, actor: Actor, found: Sequence[Product], act: BulkAct, choice: Mapping[str, Any]) -> list[Planned]:
    """What the change would do to each of the products. Only reads."""
    made = []
    inside = _inside(session, choice) if act is BulkAct.COLLECTION else frozenset()
    category = session.get(Category, choice["category"]) if act is BulkAct.CATEGORY else None
    for product in found:
        try:
            ensure_can(actor, Permission.EDIT_PRODUCTS if act in _EDITS else Permission.PUBLISH_PRODUCTS, product.village_code)
            changes = _differences(product, act, choice, category, inside)
            made.append(Planned(product, changes))
        except DomainError as refusal:
            made.append(Planned(product, (), refusal))
    return made


_EDITS = frozenset({BulkAct.CATEGORY, BulkAct.PRICE, BulkAct.HALAL})


def _differences(
    product: Product, act: BulkAct, choice: Mapping[str, Any], category: Category | None, inside: frozenset[int]
) -> list[tuple[str, str, str]]:
    if act is BulkAct.CATEGORY and category is not None:
        return [("category", product.category.slug, category.slug)] if product.category_id != category.id else []
    if act is BulkAct.HALAL:
        return [("halal", product.halal_state.value, choice["halal"])] if product.halal_state.value != choice["halal"] else []
    if act is BulkAct.WITHDRAW:
        return [("state", product.state.value, "withdrawn")] if product.state.value == "live" else []
    if act is BulkAct.COLLECTION:
        return [] if product.id in inside else [("collection", "", choice["collection"])]
    day = date.fromisoformat(choice["starts_on"])
    found = []
    for variant in product.variants:
        old = prices.current_price(variant.prices, day)
        if old is None or not variant.is_active:
            continue
        new = prices.check_amount(change_price(old, choice["percent_bps"], choice["amount"], choice["rounding"]))
        if new != old:
            variants.check_price_dates(variant.prices, day, None, clock.today())
            found.append((f"price {variant.name_id}", str(old), str(new)))
    return found


def begin(session: Session, actor: Actor, found: Sequence[Product], act: BulkAct, choice: Mapping[str, Any]) -> BulkEdit:
    """Write down what is going to be done; `go_on` does it, portion by portion."""
    ensure_can(actor, Permission.EDIT_PRODUCTS if act in _EDITS else Permission.PUBLISH_PRODUCTS)
    if not found:
        raise InvalidInput(N_("Choose at least one product."))
    edit = BulkEdit(code=ids.make_code(), act=act, choice=dict(choice), created_by_id=actor.user_id, created_at=clock.now())
    session.add(edit)
    session.flush()
    session.add_all(BulkItem(edit_id=edit.id, product_id=product.id, is_done=False, params={}, before={}) for product in found)
    session.flush()
    audit.record(session, actor, "products.change_many", f"bulk:{edit.code}", {"act": act.value, "products": len(found)})
    return edit


def go_on(session: Session, actor: Actor, edit: BulkEdit) -> bool:
    """Change the next few products, one verb each; whether there are more."""
    waiting = select(BulkItem).where(BulkItem.edit_id == edit.id, BulkItem.is_done.is_(False), BulkItem.reason == "")
    items = list(session.scalars(waiting.order_by(BulkItem.id).limit(PORTION).with_for_update()))
    found = {product.id: product for product in load_products(session, [item.product_id for item in items])}
    for item in items:
        try:
            with session.begin_nested():
                item.before = _change(session, actor, found[item.product_id], edit.act, edit.choice)
            item.is_done = True
        except (DomainError, IntegrityError) as error:
            refusal = error if isinstance(error, DomainError) else InvalidInput(_BROKEN)
            item.reason, item.params = refusal.message, {name: str(value) for name, value in refusal.params.items()}
    session.flush()
    return len(items) == PORTION


def _change(session: Session, actor: Actor, product: Product, act: BulkAct, choice: Mapping[str, Any]) -> dict[str, Any]:
    """Call the verb; what was before."""
    if act is BulkAct.WITHDRAW:
        products.withdraw_product(session, actor, product, choice["reason"])
        return {}
    if act is BulkAct.COLLECTION:
        collections.add_product(session, actor, collections.get_collection(session, choice["collection"]), product)
        return {}
    if act is BulkAct.PRICE:
        return _reprice(session, actor, product, choice)
    facts = products.facts_of(session, product)
    before: dict[str, Any] = {"category": facts.category_id, "halal": facts.halal_state.value}
    if act is BulkAct.CATEGORY:
        products.update_product(session, actor, product, replace(facts, category_id=choice["category"]))
    else:
        products.update_product(session, actor, product, replace(facts, halal_state=HalalState(choice["halal"])))
    return before


def _reprice(session: Session, actor: Actor, product: Product, choice: Mapping[str, Any]) -> dict[str, Any]:
    day, before = date.fromisoformat(choice["starts_on"]), {}
    for variant in product.variants:
        old = prices.current_price(variant.prices, day)
        if old is None or not variant.is_active:
            continue
        new = change_price(old, choice["percent_bps"], choice["amount"], choice["rounding"])
        if new != old:
            variants.set_price(session, actor, variant, new, starts_on=day)
            before[variant.code] = [old, new]
    return before


def undo(session: Session, actor: Actor, edit: BulkEdit) -> int:
    """Put back what was before, where nobody changed it since; how many products stay as they are."""
    if edit.undone_at is not None or edit.act not in UNDOABLE:
        raise Conflict(N_("This change cannot be taken back."))
    items = list(session.scalars(select(BulkItem).where(BulkItem.edit_id == edit.id, BulkItem.is_done).order_by(BulkItem.id)))
    found = {product.id: product for product in load_products(session, [item.product_id for item in items])}
    kept = 0
    for item in items:
        try:
            with session.begin_nested():
                _put_back(session, actor, found[item.product_id], edit, item.before)
        except DomainError as refusal:
            kept += 1
            item.reason, item.params = refusal.message, {name: str(value) for name, value in refusal.params.items()}
    edit.undone_at = clock.now()
    audit.record(session, actor, "products.change_many_undone", f"bulk:{edit.code}", {"kept": kept})
    return kept


def _put_back(session: Session, actor: Actor, product: Product, edit: BulkEdit, before: Mapping[str, Any]) -> None:
    if edit.act is BulkAct.COLLECTION:
        collections.remove_product(session, actor, collections.get_collection(session, edit.choice["collection"]), product)
        return
    if edit.act is BulkAct.PRICE:
        day = max(clock.today(), date.fromisoformat(edit.choice["starts_on"]))
        for variant in product.variants:
            if variant.code in before:
                old, new = before[variant.code]
                if prices.current_price(variant.prices, day) != new:
                    raise Conflict(_MEANWHILE)
                variants.set_price(session, actor, variant, old, starts_on=day)
        return
    facts = products.facts_of(session, product)
    if edit.act is BulkAct.CATEGORY:
        if facts.category_id != edit.choice["category"]:
            raise Conflict(_MEANWHILE)
        products.update_product(session, actor, product, replace(facts, category_id=before["category"]))
    else:
        if facts.halal_state.value != edit.choice["halal"]:
            raise Conflict(_MEANWHILE)
        products.update_product(session, actor, product, replace(facts, halal_state=HalalState(before["halal"])))


def get_edit(session: Session, actor: Actor, code: str) -> BulkEdit:
    """One's own change with its products; NotFound otherwise."""
    items = selectinload(BulkEdit.items).joinedload(BulkItem.product).joinedload(Product.maker)
    statement = select(BulkEdit).where(BulkEdit.code == code).options(joinedload(BulkEdit.created_by), items)
    edit = session.scalar(statement.execution_options(populate_existing=True))
    if edit is None or not (edit.created_by_id == actor.user_id or "" in actor.area_prefixes(Permission.MANAGE_PEOPLE)):
        raise NotFound
    return edit


def _inside(session: Session, choice: Mapping[str, Any]) -> frozenset[int]:
    statement = select(CollectionItem.product_id).join(Collection, Collection.id == CollectionItem.collection_id)
    return frozenset(session.scalars(statement.where(Collection.slug == choice["collection"])))
