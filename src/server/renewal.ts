// What a running server opens anew on request: log.txt and the certificate. Nobody is disconnected.
import type { Listener } from "../net/listener.ts";
import type { Clock } from "../shared/clock/clock.ts";
import { readCertificate } from "./certificate/certificate.ts";
import type { EventLog } from "./event-log.ts";
import type { RotatingLogFile } from "./log-file.ts";
import { errorText } from "./startup-error.ts";

export interface RenewalOptions {
  readonly logFile: RotatingLogFile;
  readonly log: Pick<EventLog, "renewed" | "trouble">;
  readonly tls: Pick<Listener, "setCertificate">;
  readonly certsDirectory: string;
  readonly clock: Clock;
  onTrouble(reason: string): void;
}

export class Renewal {
  readonly #options: RenewalOptions;

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  /** SIGHUP: another program may have moved log.txt or replaced the certificate. Never throws: see `onTrouble`. */
  async reload(): Promise<void> {
    const { log, logFile, onTrouble } = this.#options;
    for (const renew of [() => logFile.reopen(), () => this.#readCertificate()]) {
      try {
        await renew();
      } catch (error) {
        log.trouble(errorText(error));
        onTrouble(errorText(error));
      }
    }
    log.renewed();
  }

  /** `velha admin rotate`: returns what was done. Throws the system's error or StartupError. */
  async rotate(): Promise<string[]> {
    const { clock, log, logFile } = this.#options;
    const name = logFile.setAside(clock.nowMs());
    await this.#readCertificate();
    log.renewed();
    return [`What log.txt had is in ${name}`, "The certificate was read anew."];
  }

  async #readCertificate(): Promise<void> {
    const { certsDirectory, tls } = this.#options;
    tls.setCertificate(await readCertificate(certsDirectory));
  }
}
