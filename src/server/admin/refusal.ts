/** What is wrong with an operator's request, in one line for the operator. */
export class Refusal extends Error {}
