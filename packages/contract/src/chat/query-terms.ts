/**
 * What a text has to contain, in lower case: the words of the query, all of them; words in quotation marks belong
 * together. Every other character stands for itself.
 */
export function queryTerms(query: string): string[] {
  const terms: string[] = [];
  for (const [, phrase, word] of query.matchAll(/["“]([^"“”]*\s[^"“”]*)["”]|(\S+)/g)) {
    const term = foldCase((phrase ?? word ?? "").trim());
    if (term !== "" && !terms.includes(term)) terms.push(term);
  }
  return terms;
}

/** Upper and lower case are the same to a search. */
export function foldCase(text: string): string {
  return text.toLowerCase();
}
