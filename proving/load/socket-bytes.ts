// Counts the bytes of every socket that this process opens after `watchSockets`, closed ones included.
import { Socket } from "node:net";

export interface Bytes {
  readonly sent: number;
  readonly received: number;
}

type Connect = (this: Socket, ...where: unknown[]) => Socket;

export function watchSockets(): () => Bytes {
  const sockets = new Set<Socket>();
  const connect = Socket.prototype.connect as Connect;
  const watched: Connect = function (...where) {
    sockets.add(this);
    return connect.apply(this, where);
  };
  Socket.prototype.connect = watched;
  return () => {
    let [sent, received] = [0, 0];
    for (const { bytesWritten, bytesRead } of sockets) {
      sent += bytesWritten;
      received += bytesRead;
    }
    return { sent, received };
  };
}
