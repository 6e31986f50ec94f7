// The address at which the inviter reaches the invitee (docs/PROTOCOL.md §5).

interface ControlEnds {
  address: string;
  serverAddress: string;
}

/** The invitee's address; when only the invitee sits on the server's machine, that machine's as the inviter knows it. */
export function peerHost(inviteeAddress: string, inviter: ControlEnds): string {
  return isLoopback(inviteeAddress) && !isLoopback(inviter.address) ? inviter.serverAddress : inviteeAddress;
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);
}
