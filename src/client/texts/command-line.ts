// What `velha client --help` says, in each language.
import type { Language } from "./language.ts";

export interface CommandLineTexts {
  description: string;
  host: string;
  port: string;
  cert: string;
  state: string;
  p2pPorts: string;
  announce: string;
  giveUpAfter: string;
  peerPatience: string;
  lang: string;
  version: string;
  help: string;
  /** Words that commander writes itself, and what to write instead. */
  instead: Readonly<Record<string, string>>;
}

export const commandLineTexts: Record<Language, CommandLineTexts> = {
  en: {
    description: "Play tic-tac-toe: a prompt at a server, matches directly between the players.",
    host: "the server's address or name, or those of all servers of a game: a:3000,b:3000",
    port: "the server's main port",
    cert: "the server's certificate (PEM); otherwise the first one it shows is trusted",
    state: "where logins, matches and certificates are saved",
    p2pPorts: "ports to listen on when invited: moves, delay (default: free ones)",
    announce: "address (and ports) that opponents are told to dial instead",
    giveUpAfter: "how long to try to reach a lost server (default: 180)",
    peerPatience: "how long to wait for a lost opponent (default: 180)",
    lang: "the language of the prompt (default: that of the environment)",
    version: "print the version",
    help: "display help for command",
    instead: {},
  },
  "pt-BR": {
    description: "Jogo da velha: um prompt ligado a um servidor, partidas diretas entre os jogadores.",
    host: "o endereço ou nome do servidor, ou os de todos os servidores de um jogo: a:3000,b:3000",
    port: "a porta principal do servidor",
    cert: "o certificado do servidor (PEM); sem ele, vale o primeiro que o servidor mostrar",
    state: "onde ficam sessões, partidas e certificados",
    p2pPorts: "portas em que escutar quando convidado: jogadas, atraso (padrão: portas livres)",
    announce: "endereço (e portas) que os adversários usam no lugar do seu",
    giveUpAfter: "por quanto tempo tentar alcançar um servidor perdido (padrão: 180)",
    peerPatience: "por quanto tempo esperar um adversário perdido (padrão: 180)",
    lang: "o idioma do prompt (padrão: o do ambiente)",
    version: "mostra a versão",
    help: "mostra esta ajuda",
    instead: {
      "Usage:": "Uso:",
      "Arguments:": "Argumentos:",
      "Options:": "Opções:",
      "[options]": "[opções]",
      "(default:": "(padrão:",
      "(choices:": "(valores:",
    },
  },
};
