// Português do Brasil.
import { isErrorCode } from "../../protocol/errors.ts";
import type { Texts } from "./texts.ts";

const errors: Texts["errors"] = {
  ALREADY_BOUND: "A conexão já está associada",
  ALREADY_LOGGED_IN: "Você já fez login: use logout antes",
  BAD_ARGUMENTS: "O servidor não entendeu o pedido",
  BAD_CREDENTIALS: "Usuário inexistente ou senha errada",
  BAD_LINE: "O servidor não conseguiu ler o pedido",
  BAD_NAME: "O nome de usuário deve ter de 1 a 32 caracteres: A-Z a-z 0-9 _ . -",
  BAD_PASSWORD:
    "A senha nova deve ter de 8 (ou o mínimo que o servidor exigir) a 128 bytes, sem caracteres de controle",
  BAD_SIGNATURE: "A assinatura não confere",
  BAD_TICKET: "O bilhete não foi assinado por este servidor",
  BAD_TOKEN: "A sessão terminou: faça login de novo",
  BAD_TRANSCRIPT: "O registro da partida não é válido",
  BANNED: "O operador deste servidor fechou essa conta",
  BUSY: "Esse jogador está em uma partida ou tem um convite em aberto",
  CONFLICT: "O resultado contradiz o que está registrado",
  IN_MATCH: "Você está em uma partida",
  INVITE_PENDING: "Já há um convite em aberto",
  MATCH_OVER: "A partida terminou",
  NOT_BOUND: "A conexão não está associada",
  NOT_CONNECTED: "Esse jogador não está conectado",
  NOT_LOGGED_IN: "Faça login antes: login <usuário>",
  NOT_YOUR_MATCH: "Essa partida é de outros jogadores",
  NOT_YOUR_TURN: "Não é a sua vez",
  NO_INVITATION: "O convite não está mais em aberto",
  NO_KEY: "O cliente desse jogador não pode jogar",
  NO_REPLY: "O cliente desse jogador não responde",
  SAME_PASSWORD: "A senha nova é igual à antiga",
  SELF: "Você não pode convidar a si mesmo",
  SQUARE_TAKEN: "Essa casa está ocupada",
  TRY_LATER: "Há pedidos demais no momento",
  UNKNOWN_COMMAND: "O servidor não conhece esse pedido",
  UNKNOWN_CONNECTION: "O servidor não conhece mais esta conexão",
  UNKNOWN_MATCH: "O servidor não conhece essa partida",
  USER_EXISTS: "Esse nome já está em uso",
  WRONG_CONNECTION: "O servidor não espera esse pedido aqui",
};

function duration(seconds: number): string {
  const minutes = seconds / 60;
  return minutes >= 2 && Number.isInteger(minutes) ? `${minutes} minutos` : `${seconds} s`;
}

export const ptBr: Texts = {
  notices: {
    connected: ({ server }) => `Conectado a ${server}`,
    "server-lost": ({ isMatchOn }) =>
      `O servidor está fora do ar; tentando de novo${isMatchOn ? ". Sua partida continua" : ""}`,
    "server-back": () => "O servidor voltou",
    "server-given-up": ({ seconds }) =>
      `O servidor não voltou em ${duration(seconds)}: \`reconnect\` tenta de novo`,
    reconnecting: () => "Tentando se conectar ao servidor...",
    replaced: () => "Você fez login em outro lugar, e esta sessão terminou: `reconnect`, depois login",
    "first-use": ({ server, fingerprint }) =>
      `Primeira vez em ${server}: o certificado fica guardado (SHA-256 ${fingerprint})`,
    "certificate-changed": ({ server, expected, shown, where, knownAs }) =>
      [
        `PERIGO: ${server} mostra um certificado diferente do conhecido. Nada foi enviado.`,
        `  esperado ${expected}`,
        `  mostrado ${shown}`,
        knownAs && `É o certificado de ${knownAs}: talvez o endereço esteja errado`,
        `Alguém pode estar escutando. Se você sabe por que ele mudou, corrija ${where} e tente de novo`,
      ]
        .filter(Boolean)
        .join("\n"),
    "certificate-expired": ({ server }) =>
      `O certificado de ${server} venceu, e nada foi enviado: quem opera o servidor precisa renová-lo`,
    "secure-failed": ({ reason }) => `Não há conexão segura com o servidor: ${reason}. Tente de novo`,
    "user-created": ({ user }) => `Usuário '${user}' criado`,
    "logged-in": () => "Login bem sucedido!",
    "logged-out": () => "Logout bem sucedido!",
    "session-ended": ({ user }) =>
      user
        ? `A última sessão, de ${user}, terminou: faça login de novo`
        : "O servidor voltou, mas a sua sessão terminou: faça login de novo",
    resumed: ({ user }) => `Você continua como ${user} (login ou logout para mudar)`,
    "not-kept": ({ reason }) =>
      `Não dá para gravar na pasta de estado, e uma queda perderia o que acontece agora: ${reason}`,
    "action-not-kept": ({ reason }) =>
      `Nada foi feito, porque não foi possível salvar: ${reason}. Corrija isso e tente de novo`,
    "cannot-restore": () => "O que foi guardado de uma partida está danificado; ela não pode continuar aqui",
    "password-changed": () => "Senha alterada",
    "server-refused": ({ code, seconds, text }) => {
      const said = isErrorCode(code) ? errors[code] : text || code;
      return seconds === undefined ? said : `${said}: tente de novo em ${seconds} s`;
    },
    "out-of-place": ({ command, reason, user }) => {
      switch (reason) {
        case "NOT_CONNECTED":
          return `${command} precisa do servidor, que está fora do ar`;
        case "NOT_LOGGED_IN":
          return `${command}: faça login antes (login <usuário>)`;
        case "LOGGED_IN":
          return `Você fez login como ${user}: use logout antes`;
        case "IN_MATCH":
          return `${command}: não durante uma partida (end desiste dela)`;
        case "NO_MATCH":
          return `${command}: você não está em uma partida (begin <usuário> convida alguém)`;
        case "INVITING":
          return `${command}: espere por ${user} ou cancele o convite (cancel)`;
        case "INVITED":
          return `${command}: responda antes a ${user} (s ou n)`;
        case "NOT_INVITING":
          return "cancel: você não tem convite em aberto";
        case "NO_QUESTION":
          return "Não há nada para responder";
        case "CONNECTED":
          return "Você está conectado";
        case "TOO_EARLY_TO_LEAVE":
          return `Você pode sair sem perder quando ${user} ficar 2 minutos sem jogar (end desiste)`;
      }
    },
    inviting: ({ user }) => `Convidando ${user}...`,
    "invitation-refused": ({ user, reason }) => {
      if (reason === "EXPIRED") return `${user} não respondeu`;
      return reason === "DISCONNECTED" ? `${user} saiu` : `${user} recusou`;
    },
    invited: ({ user }) => `${user} te convidou para jogar!\nAceitar?`,
    "invitation-ended": ({ user, reason }) => {
      if (reason === "EXPIRED") return `O convite de ${user} expirou`;
      return reason === "DISCONNECTED" ? `${user} saiu` : `${user} retirou o convite`;
    },
    "invitation-withdrawn": ({ user }) => `Você cancelou o convite a ${user}`,
    declined: ({ user }) => `Você recusou o convite de ${user}`,
    "cannot-listen": ({ reason }) => `O convite foi recusado, pois nenhuma porta está livre: ${reason}`,
    "bad-ticket": ({ opponent }) => `A partida com ${opponent} não pode começar: o bilhete não é válido`,
    "match-started": ({ opponent, symbol }) => `Partida com ${opponent}: você joga com ${symbol}`,
    "match-resumed": ({ opponent, symbol }) => `De volta à partida com ${opponent}: você joga com ${symbol}`,
    "match-unknown": ({ opponent }) => `Para o servidor, a partida com ${opponent} acabou: ele dirá como`,
    "cannot-listen-again": ({ reason }) =>
      `Seu adversário ainda não consegue te alcançar: ${reason}. Tentando até a porta ficar livre`,
    "your-move": () => "Sua vez: send <linha> <coluna>",
    waiting: ({ opponent }) => `Esperando ${opponent}...`,
    illegal: ({ code, square, opponent }) => {
      if (code === "SQUARE_TAKEN") return `A casa ${square?.row} ${square?.column} está ocupada`;
      if (code === "NOT_YOUR_TURN") return `É a vez de ${opponent}`;
      return code === "MATCH_OVER" ? "A partida terminou" : "Linha e coluna vão de 1 a 3";
    },
    "you-played": ({ square }) => `Você jogou ${square.row} ${square.column}`,
    "opponent-played": ({ opponent, square }) => `${opponent} jogou ${square.row} ${square.column}`,
    "you-gave-up": () => "Você desistiu",
    "opponent-gave-up": ({ opponent }) => `${opponent} desistiu`,
    "peer-lost": ({ opponent }) => `Sem conexão com ${opponent}; tentando de novo`,
    "peer-back": ({ opponent }) => `${opponent} está conectado de novo`,
    "peer-gone": ({ opponent, seconds }) =>
      `Sem contato com ${opponent} há ${duration(seconds)}: a partida foi interrompida`,
    "opponent-idle": ({ opponent, seconds }) =>
      `${opponent} não joga há ${seconds} s: leave interrompe a partida, sem derrota`,
    "you-left": ({ opponent }) => `Você saiu da partida com ${opponent}`,
    delays: ({ latestMs }) =>
      latestMs.length === 0
        ? "Nenhum atraso medido ainda"
        : `Atraso: ${latestMs.map((ms) => `${ms.toFixed(1).replace(".", ",")} ms`).join("; ")}`,
    "result-waits": ({ claim }) => {
      const text = "O resultado fica guardado, e é enviado quando o servidor voltar";
      if (claim === "ABANDONED") return text;
      return `${text}: ${{ WIN: "você ganhou", LOST: "você perdeu", DRAW: "deu empate" }[claim]}`;
    },
    "result-owed": ({ user, opponent }) => `O resultado de ${user} contra ${opponent} ainda será entregue`,
    result: ({ outcome, points }) => {
      switch (outcome) {
        case "WIN":
          return `Você ganhou! +${points} pontos`;
        case "LOST":
          return "Você perdeu";
        case "DRAW":
          return `Empate! +${points} ponto`;
        case "VOID":
          return "A partida não conta";
        case "PENDING":
          return "A partida foi interrompida; o servidor decide em até 3 minutos";
      }
    },
    "result-refused": ({ opponent, code, text }) =>
      `O resultado contra ${opponent} foi recusado: ${isErrorCode(code) ? errors[code] : text || code}`,
    rematch: () => "Jogar de novo?",
    "rematch-waits": ({ opponent, seconds }) =>
      `Esperando ${opponent}... (até ${seconds} s; cancel retira o seu sim)`,
    "rematch-withdrawn": () => "Está bem, sem outra partida",
    "rematch-declined": ({ opponent }) => `${opponent} não quer jogar de novo`,
  },
  errors,
  help: {
    adduser: "cria um usuário",
    login: "entra com um usuário",
    passwd: "troca a sua senha",
    logout: "sai do usuário, sem desconectar",
    list: "quem está conectado, e quem está jogando",
    leaders: "os pontos de todos",
    begin: "convida alguém para jogar",
    cancel: "retira o seu convite, ou o sim a jogar de novo",
    send: "joga em uma casa; linhas e colunas vão de 1 a 3",
    board: "mostra o tabuleiro de novo",
    delay: "os três últimos atrasos até o outro jogador",
    end: "desiste da partida",
    leave: "interrompe a partida se o outro não joga mais",
    reconnect: "tenta alcançar o servidor de novo",
    help: "esta lista",
    exit: "fecha, como Ctrl-C; ao voltar, o login continua",
  },
  parameters: {
    user: "usuário",
    password: "senha",
    oldPassword: "antiga",
    newPassword: "nova",
    row: "linha",
    column: "coluna",
  },
  yesNo: "[S/n]:",
  yesNoLine: "[S/n]:",
  noYes: "[s/N]:",
  confirmEnd: (opponent) => `Desistir da partida? ${opponent} ganha`,
  confirmExit: (opponent) =>
    `Sair durante a partida com ${opponent}? Se não voltar em 3 minutos, você pode perder`,
  yes: ["", "s", "sim", "y"],
  no: ["n", "nao", "não"],
  usersTitle: "Usuários conectados:",
  leadersTitle: "CLASSIFICAÇÃO",
  free: "livre",
  playing: "jogando",
  you: "você",
  helpTitle: "Comandos",
  helpHint: "Digite help para ver os comandos",
  connecting: (server) => `Conectando a ${server}...`,
  goodbye: "Finalizando cliente",
  answerYesOrNo: "Responda s ou n",
  passwordOf: (user) => `Senha de ${user}:`,
  newPasswordOf: (user) => `Senha nova para ${user}:`,
  oldPassword: "Senha antiga:",
  newPassword: "Senha nova:",
  repeatPassword: "Repita a senha:",
  passwordsDiffer: "As senhas são diferentes; nada mudou",
  unknownCommand: (word, suggestion) =>
    suggestion
      ? `O comando '${word}' não existe. Você quis dizer ${suggestion}?`
      : `O comando '${word}' não existe: tente help`,
  usage: (usage) => `Uso: ${usage}`,
  leaveSecretsOut: "O que está entre colchetes pode faltar: então é perguntado, e aceita espaços",
  badUser: "O nome de usuário deve ter de 1 a 32 caracteres: A-Z a-z 0-9 _ . -",
  badSquare: "Linha e coluna vão de 1 a 3",
  whichSession: (sessions) =>
    [
      "Várias sessões podem continuar aqui:",
      ...sessions.map(
        ({ user, hasMatch }, index) => `  ${index + 1}  ${user}${hasMatch ? ", com uma partida" : ""}`,
      ),
    ].join("\n"),
  numberOrNone: "Qual? O número, ou Enter para nenhuma:",
  badNumber: (highest) => `Um número de 1 a ${highest}, ou Enter para nenhuma`,
  sessionTaken: (user) => `A sessão de ${user} acaba de continuar em outro lugar`,
  unreachable: (server, reason) =>
    `Não há conexão com ${server}: ${reason}. O servidor está no ar? Endereço e porta estão certos?`,
};
