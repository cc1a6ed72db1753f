/* The check sum of a file of answers, FNV-1a with 64 bits; `evaluator/forms/page_files.py` reads it. */
form.seal = (() => {
  const BASIS = 0xcbf29ce484222325n, PRIME = 0x100000001b3n;
  const sum = (text) => {
    let value = BASIS;
    for (const byte of new TextEncoder().encode(text)) value = BigInt.asUintN(64, (value ^ BigInt(byte)) * PRIME);
    return value.toString(16).padStart(16, "0");
  };

  /* Return the text of a file: what was asked, by its digest, and what was answered. */
  const fileOf = (record, digest, { answers, remarks = {} }, code = "") => {
    const saved = new Date().toISOString();
    return JSON.stringify({ record, answers, remarks, code, saved, seal: sum(JSON.stringify([digest, answers, remarks, code, saved])) }, null, 1);
  };

  return { fileOf };
})();
