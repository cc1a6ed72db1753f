/* Answers as a short code; `evaluator/forms/page_codes.py` says what stands in it and reads it. */
form.code = (() => {
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", OPTIONS = 18n, CHECKED = 4, HEAD = 8;
  const WEIGHTS = [1, 3, 5, 7], STEP = 11, CHECK_BITS = 10, POLYNOMIAL = 0x233;

  const digits = (number, count) => {
    const found = [];
    for (let place = BigInt(count) - 1n; place >= 0n; place -= 1n) found.push(Number((BigInt(number) >> (5n * place)) & 31n));
    return found;
  };
  const lettersFor = (answers) => {
    const bits = Math.max(1, (OPTIONS ** BigInt(answers) - 1n).toString(2).length);
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

  /* answers: 0 for a blank, else the place of the ratio, from 1. */
  const codeOf = (fingerprint, person, answers) => {
    let number = 0n;
    for (const answer of answers) number = number * OPTIONS + BigInt(answer);
    const body = digits(number, lettersFor(answers.length));
    const check = checksum([...digits(fingerprint, 4), ...digits(person, 2), ...body]);
    const head = digits((((BigInt(fingerprint) << 10n) | BigInt(person)) << BigInt(CHECK_BITS)) | BigInt(check), HEAD);
    const letters = [...head, ...body], blocks = [];
    for (let place = 0; place < letters.length; place += CHECKED) {
      const block = letters.slice(place, place + CHECKED);
      blocks.push([...block, checkOf(block, blocks.length)].map((value) => LETTERS[value]).join(""));
    }
    return ["EV1", ...blocks].join("-");
  };

  return { codeOf };
})();
