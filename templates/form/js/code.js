/* Answers as a short code; `evaluator/forms/page_codes.py` says what stands in it and reads it. */
form.code = (() => {
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", CHECKED = 4, HEAD = 8;
  const WEIGHTS = [1, 3, 5, 7], STEP = 11, CHECK_BITS = 10, POLYNOMIAL = 0x233;

  const digits = (number, count) => {
    const found = [];
    for (let place = BigInt(count) - 1n; place >= 0n; place -= 1n) found.push(Number((BigInt(number) >> (5n * place)) & 31n));
    return found;
  };
  const lettersFor = (options) => {
    const bits = Math.max(1, (options.reduce((product, one) => product * BigInt(one), 1n) - 1n).toString(2).length);
    return Math.ceil(Math.ceil(bits / 5) / CHECKED) * CHECKED;
  };
  const checkOf = (block, number) =>
    (block.reduce((sum, value, place) => sum + WEIGHTS[place] * value, 0) + STEP * (number + 1)) % 32;
  const checksum = (values) => {
    const top = CHECK_BITS - 1, all = (1 << CHECK_BITS) - 1;
    let rest = 0;
    for (const value of values) {
      rest ^= value << (CHECK_BITS - 5);
      for (let bit = 0; bit < 5; bit += 1) rest = ((rest << 1) ^ ((rest >> top) & 1 ? POLYNOMIAL : 0)) & all;
    }
    return rest;
  };

  /* answers: 0 for a blank, else the place of the choice, from 1; options: how many answers each question has, a blank among them. */
  const codeOf = (fingerprint, person, answers, options) => {
    let number = 0n;
    answers.forEach((answer, place) => { number = number * BigInt(options[place]) + BigInt(answer); });
    const body = digits(number, lettersFor(options));
    const check = checksum([...digits(fingerprint, 4), ...digits(person, 2), ...body]);
    const head = digits((((BigInt(fingerprint) << 10n) | BigInt(person)) << BigInt(CHECK_BITS)) | BigInt(check), HEAD);
    const letters = [...head, ...body], blocks = [];
    for (let place = 0; place < letters.length; place += CHECKED) {
      const block = letters.slice(place, place + CHECKED);
      blocks.push([...block, checkOf(block, blocks.length)].map((value) => LETTERS[value]).join(""));
    }
    return ["EV1", ...blocks].join("-");
  };

  /* The field of the code: copied, or shared where a phone offers to. */
  const offer = (copied) => {
    const { place } = form.frame, field = place("code"), share = place("share");
    place("copy")?.addEventListener("click", async () => {
      if (await form.keeping.copy(field)) place("copy").textContent = copied;
    });
    if (share && navigator.share) {
      share.hidden = false;
      share.addEventListener("click", () => navigator.share({ text: field.value }).catch(() => {}));
    }
  };

  return { codeOf, offer };
})();
