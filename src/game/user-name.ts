// User names (docs/PROTOCOL.md §1): which text is one, and that names which differ only in case are the same user.

export const MAX_USER_NAME_LENGTH = 32;

const pattern = new RegExp(`^[A-Za-z0-9_.-]{1,${MAX_USER_NAME_LENGTH}}$`);

export function isUserName(text: string): boolean {
  return pattern.test(text);
}

/** The same text for every spelling of one user's name. Lists are in the order of these keys. */
export function userKey(user: string): string {
  return user.toLowerCase();
}

export function isSameUser(one: string, other: string): boolean {
  return userKey(one) === userKey(other);
}
