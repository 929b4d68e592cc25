// Type-ahead over the till's own catalogue: prefixes, the shop's synonyms, loose Indonesian spelling and typing errors. Pure.

/** How much a word counts by where it stands. */
const FIELDS = [["name_id", 3], ["name_en", 3], ["pack_id", 1], ["pack_en", 1], ["maker", 1.5], ["village", 1], ["category", 0.5], ["code", 2]];
/** How much a match counts by how close it is. */
const EXACT = 10;
const PREFIX = 7;
const SYNONYM = 6;
const LOOSE = 4;
const INSIDE = 2.5;
const TYPO = 2;
/** Spellings of before 1972, foreign letters and the vowel that people drop (keripik, kripik). */
const LOOSENING = [[/dj/g, "j"], [/tj/g, "c"], [/oe/g, "u"], [/nj/g, "ny"], [/sy|sj/g, "s"], [/kh|ch/g, "k"], [/ph|[fv]/g, "p"], [/z/g, "s"], [/q|ck/g, "k"], [/x/g, "ks"], [/(.)\1/g, "$1"], [/([bcdgjkpst])e([rl])(?=[aiueo])/g, "$1$2"]];

/** @param {string} text @returns {string} lower case without accents and apostrophes */
export function fold(text) {
  return text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f'’‘ʼ`´]/g, "");
}

/** @param {string} text @returns {string[]} its folded words */
export function words(text) {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** @param {string} word folded @returns {string} */
export function loosen(word) {
  return LOOSENING.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), word);
}

/** An index of variants; made anew when the catalogue changes (some ten milliseconds for 2,000). */
export class SearchIndex {
  /**
   * @param {Object[]} variants of the catalogue
   * @param {string[][]} groups words and expressions that find each other
   */
  constructor(variants, groups) {
    this.variants = variants;
    /** word -> [place, weight] pairs, flat */
    this.postings = new Map();
    variants.forEach((variant, place) => this.#add(variant, place));
    this.vocabulary = [...this.postings.keys()].sort();
    this.loose = this.vocabulary.map((word) => [loosen(word), word]);
    this.synonyms = new Map();
    this.longest = 1;
    for (const group of groups) this.#join(group.map((each) => words(each).join(" ")).filter(Boolean));
    this.order = variants.map((variant) => (hasStock(variant) ? 1 : 0) + Math.min(0.9, (variant.rank ?? 0) / 10_000));
    /** word -> { known word: score }; typing asks for the same beginnings again and again */
    this.remembered = new Map();
  }

  #add(variant, place) {
    for (const [field, weight] of FIELDS) {
      for (const word of words(String(variant[field] ?? ""))) {
        const list = this.postings.get(word);
        if (list) list.push(place, weight);
        else this.postings.set(word, [place, weight]);
      }
    }
  }

  #join(group) {
    for (const expression of group) {
      this.longest = Math.max(this.longest, expression.split(" ").length);
      const others = this.synonyms.get(expression) ?? new Set();
      for (const other of group) if (other !== expression) others.add(other);
      this.synonyms.set(expression, others);
    }
  }

  /**
   * The best variants for what was typed; each must fit all of it.
   * @param {string} text
   * @param {number} [limit]
   * @returns {Object[]}
   */
  search(text, limit = 20) {
    const typed = words(text).slice(0, 8);
    if (!typed.length) return [];
    let sums = null;
    for (const piece of this.#pieces(typed)) sums = both(sums, this.#scoresOf(piece));
    this.#addNumbers(text, sums);
    return this.#best(sums, limit);
  }

  /** The variants with the highest sums; what is there and sells well goes first among equals. */
  #best(sums, limit) {
    const places = [];
    for (let place = 0; place < sums.length; place += 1) if (sums[place]) places.push(place);
    for (const place of places) sums[place] += this.order[place];
    places.sort((one, other) => sums[other] - sums[one] || one - other);
    return places.slice(0, limit).map((place) => this.variants[place]);
  }

  /** The typed words, the longest known expressions together. */
  #pieces(typed) {
    const pieces = [];
    for (let at = 0; at < typed.length; ) {
      let length = Math.min(this.longest, typed.length - at);
      while (length > 1 && !this.synonyms.has(typed.slice(at, at + length).join(" "))) length -= 1;
      pieces.push(typed.slice(at, at + length));
      at += length;
    }
    return pieces;
  }

  /** Score by place for one word or expression and what means the same; 0 where it does not fit. */
  #scoresOf(piece) {
    const scores = this.#placesOf(piece.map((word) => this.#match(word)));
    for (const other of this.synonyms.get(piece.join(" ")) ?? []) {
      const same = this.#placesOf(other.split(" ").map((word) => new Map([[word, SYNONYM]])));
      for (let place = 0; place < scores.length; place += 1) if (same[place] > scores[place]) scores[place] = same[place];
    }
    return scores;
  }

  /** The places where each of some words stands. @param {Map<string, number>[]} words known word -> score */
  #placesOf(words) {
    let sums = null;
    for (const matches of words) {
      const found = new Float32Array(this.variants.length);
      for (const [word, score] of matches) {
        const list = this.postings.get(word) ?? [];
        for (let at = 0; at < list.length; at += 2) found[list[at]] = Math.max(found[list[at]], score * list[at + 1]);
      }
      sums = both(sums, found);
    }
    return sums;
  }

  /** known word -> score; typing errors only where nothing closer is known. */
  #match(word) {
    const before = this.remembered.get(word);
    if (before) return before;
    const found = new Map();
    for (const known of this.vocabulary) {
      if (known === word) found.set(known, EXACT);
      else if (known.startsWith(word)) found.set(known, PREFIX);
      else if (word.length >= 3 && known.includes(word)) found.set(known, INSIDE);
    }
    if (word.length >= 3) this.#matchLoosely(loosen(word), found);
    if (!found.size && word.length >= 4) this.#matchTypos(word, found);
    if (this.remembered.size > 500) this.remembered.clear();
    this.remembered.set(word, found);
    return found;
  }

  #matchLoosely(loose, found) {
    for (const [bare, known] of this.loose) if (!found.has(known) && bare.startsWith(loose)) found.set(known, LOOSE);
  }

  /** One error in a short word, two in a long one; the end may still be missing. */
  #matchTypos(word, found) {
    const most = word.length >= 7 ? 2 : 1;
    for (const known of this.vocabulary) {
      if (known.length < word.length - most || /\d/.test(known)) continue;
      const errors = distance(word, known.slice(0, word.length + most), most);
      if (errors <= most) found.set(known, TYPO / errors);
    }
    for (const spelling of found.size ? [] : this.synonyms.keys()) {
      if (spelling.includes(" ") || distance(word, spelling, 1) > 1) continue;
      for (const other of this.synonyms.get(spelling)) if (this.postings.has(other)) found.set(other, TYPO);
    }
  }

  /** A part of a number, as read off a pack whose bars are damaged. */
  #addNumbers(text, sums) {
    const digits = text.replace(/\D/g, "");
    if (digits.length < 4 || /[a-z]/i.test(text)) return;
    this.variants.forEach((variant, place) => {
      if (variant.numbers.some((number) => number.includes(digits))) sums[place] = EXACT;
    });
  }
}

/** Sums where both fit, 0 elsewhere; the first argument is changed. */
function both(one, other) {
  if (one === null) return other;
  for (let place = 0; place < one.length; place += 1) one[place] = one[place] && other[place] ? one[place] + other[place] : 0;
  return one;
}

function hasStock(variant) {
  return variant.lots.some((lot) => lot.free > 0 && !lot.is_stopped);
}

/**
 * Insertions, deletions, exchanges and swaps of neighbours between `word` and the closest beginning of `known`; more than `most` is `most` + 1.
 * @param {string} word
 * @param {string} known
 * @param {number} most
 * @returns {number}
 */
export function distance(word, known, most) {
  let [before, previous] = [[], Array.from({ length: known.length + 1 }, (_each, index) => index)];
  for (let row = 1; row <= word.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= known.length; column += 1) {
      const cost = word[row - 1] === known[column - 1] ? 0 : 1;
      let value = Math.min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost);
      if (row > 1 && column > 1 && word[row - 1] === known[column - 2] && word[row - 2] === known[column - 1]) value = Math.min(value, before[column - 2] + 1);
      current.push(value);
      least = Math.min(least, value);
    }
    if (least > most) return most + 1;
    [before, previous] = [previous, current];
  }
  return Math.min(...previous.slice(Math.max(0, word.length - most)), most + 1);
}
