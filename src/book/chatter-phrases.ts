/** How a language words what a model says about its own answer; each is the source of a pattern, without capitals. */
interface ChatterPhrases {
  /** Words before an announcement, or alone with a mark behind them: `Sure!`. */
  readonly interjection: string
  /** Beginnings of an announcement behind an interjection. */
  readonly announcement: string
  /** Beginnings of an announcement that hands the text over, also without an interjection. */
  readonly presentation: string
  /** Words about the answer itself, which the subject of a course has no use for. */
  readonly meta: string
  /** Beginnings of an offer behind the answer. */
  readonly closing: string
  /** Words that make it one: both must be there. */
  readonly closingWords: string
}

/** A small letter of Latin or Cyrillic script; the class of all letters takes seconds to compile. */
const letter = '[a-zß-öø-ɏа-ѿ]'

/** An offer opens its clause; `which of them can I …` asks about the subject. */
const behindComma = '(?<=[,.!?–—-] ?)'

const english: ChatterPhrases = {
  interjection: 'certainly|sure(?: thing)?|of course|absolutely|great|okay|ok|understood|got it|no problem|gladly',
  announcement: `i(?:['’]ve| have| will|['’]ll| can|(?:['’]d| would) (?:be|love))|let['’]s|here (?:you go|it is)|as requested`,
  presentation: `here(?:['’]s| is| are)|below (?:is|are|you)`,
  meta: 'as requested|you requested|you asked|in markdown|markdown format|heading level|glossary format|the section you|per your',
  closing: `i hope|hope (?:this|that)|(?:please )?let me know|feel free|if you(?:['’]d)? (?:have|need|would|want|like)|would you like|is there anything|happy to|do you want me|shall i`,
  closingWords: `let me know|feel free to (?:ask|reach out|let me)(?= me| if| any| for| about| with| further| more|[.!,]|$)|hope (?:this|that).{0,60} (?:helps?|useful|clear)(?= you| to you| for you| enough|[.!,]|$)|(?:like|want|need) me to|i (?:can|could) (?:also )?(?:add|adjust|continue|create|elaborate|expand|explain|generate|give|go|help|include|make|provide|revise|rewrite|tailor|write)|happy to (?:help|adjust|expand|revise)|(?:further|any|more) questions(?=[,.!?]? ?(?:$|feel free to (?:ask|reach out)(?= me| if| any|[.!,]|$)|let me|just|please|don['’]t hesitate|i['’]m|i am|or need|or would))|anything else(?= (?:you|i can|i could)[^?]*[?]$|[?]$)|shall i(?=.*[?]$)`,
}

const german: ChatterPhrases = {
  interjection: 'natürlich|(?:sehr )?gerne?|klar|selbstverständlich|sicher|kein problem|alles klar|verstanden',
  announcement: 'ich (?:habe|werde)|wie gewünscht',
  presentation:
    'hier (?:ist|sind|kommt|kommen|findest du|finden sie)|(?:im folgenden|nachfolgend|unten) (?:findest|finden|steht)',
  meta: 'wie gewünscht|(?:gewünschte|angeforderte)[rn]? (?:abschnitt|text|inhalt)|in markdown|(?:im )?markdown-format|überschriftenebene|um (?:den|die|das) (?:du|sie) gebeten',
  closing:
    'ich hoffe|lass(?:t|en sie)? (?:es )?mich|(?:falls|wenn) (?:du|sie|ihr)|sag(?:en sie)? mir|melde dich|gib mir|geben sie mir|möchte(?:st du|n sie)|gerne kann ich|bei (?:weiteren )?fragen',
  closingWords: `lass(?:t|en sie)? (?:es )?mich (?:${letter}+ )?wissen|bescheid|dass ich|(?:${behindComma}|gerne )(?:kann|könnte|helfe|ergänze|erweitere|überarbeite|stehe) ich|ich hoffe.{0,60} (?:hilft|hilfreich|nützlich|geholfen)`,
}

const french: ChatterPhrases = {
  interjection: `bien sûr|certainement|volontiers|absolument|d['’]accord|avec plaisir|pas de problème|entendu|parfait`,
  announcement: `j['’]ai (?:préparé|rédigé|écrit)|je (?:vais|peux)|comme demandé`,
  presentation: 'voici|voilà|ci-dessous|vous trouverez ci-dessous',
  meta: 'comme demandé|que (?:vous avez|tu as) demandée?s?|(?:section|texte|contenu) demandée?|en markdown|au format markdown|niveau de titre',
  closing: `j['’]espère|n['’]hésite(?:z)?|si (?:vous|tu)|(?:faites|dites|dis|fais)-(?:le-)?moi|souhaitez-vous|voulez-vous|veux-tu`,
  closingWords: `(?:faites|dites|dis|fais)-(?:le-)?moi|n['’]hésite(?:z)? pas à (?:me|poser|demander)|que je|${behindComma}je (?:peux|pourrais)|j['’]espère.{0,60} (?:aide${letter}*|utile|convient|clair)`,
}

const spanish: ChatterPhrases = {
  interjection:
    'claro(?: que sí)?|por supuesto|desde luego|con (?:mucho )?gusto|de acuerdo|entendido|perfecto|sin problema',
  announcement: 'he (?:preparado|escrito|redactado)|voy a|como (?:solicitaste|pediste)',
  presentation: 'aquí (?:está|están|tiene|tienes|te)|a continuación|este es|esta es',
  meta: 'que (?:pediste|solicitaste|pidió|solicitó)|(?:sección|texto|contenido|apartado) solicitad[oa]|en markdown|formato markdown|nivel de encabezado',
  closing:
    'espero que|si (?:necesita|necesitas|tiene|tienes|quiere|quieres|desea|deseas)|avísame|avíseme|dime|dígame|házmelo|hágamelo|no dud(?:e|es)|(?:te|le) gustaría|quieres que|desea que',
  closingWords: `avísame|avíseme|dime|dígame|házmelo saber|hágamelo saber|no dud(?:e|es) en (?:pregunt|consult|ped|dec)${letter}*|que (?:añada|amplíe|ajuste|modifique)|${behindComma}puedo|espero que.{0,60} (?:ayude|útil|sirva|claro)`,
}

const portuguese: ChatterPhrases = {
  interjection: 'claro|com certeza|certamente|com prazer|sem problemas?|entendido|perfeito|ótimo|pois não',
  announcement: 'eu (?:vou|posso)|vou|conforme solicitado',
  presentation: 'aqui (?:está|estão|vai|tem)|a seguir|abaixo (?:está|estão|segue)|segue(?:m)?',
  meta: 'conforme solicitado|que você (?:pediu|solicitou)|(?:seção|texto|conteúdo) solicitad[oa]|em markdown|formato markdown|nível de título',
  closing:
    'espero que|se (?:precisar|quiser|tiver|você|desejar)|me avise|avise-me|diga-me|me diga|fique à vontade|gostaria que|deseja que|quer que',
  closingWords: `me avise|avise-me|diga-me|me diga|fique à vontade para (?:pergunt|ped)${letter}*|que eu|${behindComma}posso|espero que.{0,60} (?:ajude|útil|claro)`,
}

const italian: ChatterPhrases = {
  interjection: `certo|certamente|certo che sì|volentieri|con piacere|d['’]accordo|nessun problema|perfetto|naturalmente`,
  announcement: 'ho (?:preparato|scritto|redatto)|come richiesto',
  presentation: 'ecco|di seguito|qui (?:sotto|trovi)',
  meta: 'come richiesto|che (?:hai|ha) (?:chiesto|richiesto)|(?:sezione|testo|contenuto) richiest[oa]|in markdown|formato markdown|livello di (?:titolo|intestazione)',
  closing:
    'spero|se (?:hai|ha|vuoi|vuole|desideri|desidera|ti|le|serve)|fammi sapere|mi faccia sapere|non esitare|non esiti|vuoi che|desidera che',
  closingWords: `fammi sapere|mi faccia sapere|non esit(?:are|i) a (?:chieder|contattar|farmi)${letter}*|${behindComma}(?:posso|potrei)|spero.{0,60} (?:utile|aiuti|aiutato|chiaro)`,
}

const dutch: ChatterPhrases = {
  interjection: 'natuurlijk|zeker|graag(?: gedaan)?|uiteraard|prima|geen probleem|begrepen|oké',
  announcement: 'ik (?:heb|zal)|zoals gevraagd',
  presentation: 'hier (?:is|zijn|volgt|vind)|hieronder (?:staat|vind|volgt)|dit is',
  meta: 'zoals gevraagd|gevraagde (?:sectie|tekst|inhoud|paragraaf)|waar je om vroeg|in markdown|markdown-(?:formaat|indeling)|kopniveau',
  closing: 'ik hoop|laat (?:het )?(?:me|mij)|als (?:je|u)|mocht (?:je|u)|wil (?:je|u) dat ik|aarzel niet',
  closingWords: `laat (?:het )?(?:me|mij)|dat ik|${behindComma}(?:kan ik|ik kan)|aarzel niet om (?:het )?te vragen|ik hoop.{0,60} (?:helpt|nuttig|duidelijk)`,
}

const polish: ChatterPhrases = {
  interjection: 'oczywiście|jasne|pewnie|z przyjemnością|chętnie|nie ma problemu|rozumiem',
  announcement: 'przygotował[ae]m|zgodnie z prośbą',
  presentation: 'oto|poniżej (?:znajduje|znajdziesz|przedstawiam)',
  meta: `zgodnie z prośbą|o któr(?:y|ą) prosi${letter}*|w markdown|w formacie markdown|poziom nagłówka`,
  closing:
    'mam nadzieję|daj (?:mi )?znać|jeśli (?:potrzebujesz|masz|chcesz|chciał)|czy (?:chcesz|chciał)|w razie pytań',
  closingWords: `daj (?:mi )?znać|żebym|${behindComma}mogę|mam nadzieję.{0,60} (?:pomo${letter}+|przydatn${letter}+)`,
}

const russian: ChatterPhrases = {
  interjection: 'конечно|разумеется|безусловно|с удовольствием|хорошо|понял|отлично|без проблем',
  announcement: 'я (?:подготовил|написал|сделаю)|как вы просили',
  presentation: `вот|ниже (?:представлен|приведен|приведён|находится)${letter}*`,
  meta: `как вы просили|котор${letter}+ (?:вы просили|ты просил)|запрошенн${letter}+ (?:раздел|текст)|в (?:формате )?markdown|уровн${letter}+ заголовк${letter}+|по вашему запросу`,
  closing: 'надеюсь|дайте (?:мне )?знать|сообщите мне|если (?:у вас|вам|вы|нужно|хотите)|хотите',
  closingWords: `дайте (?:мне )?знать|сообщите мне|чтобы я|${behindComma}я (?:могу|мог(?:ла)? бы)|(?:спрашивайте|задавайте)|надеюсь.{0,60} (?:помо${letter}+|полезн${letter}+)`,
}

const chinese: ChatterPhrases = {
  interjection: '当然(?:可以)?|好的|没问题|可以|明白了',
  announcement: '我(?:已|将|会|来)|按照您的',
  presentation: '以下是|下面是|这是|这里是',
  meta: '您?(?:要求|请求)的(?:章节|内容|文本|部分)|您需要的(?:章节|内容|文本|部分)|markdown ?(?:格式|形式)|标题级别',
  closing: '希望|如果[您你]|如有|如需|请告诉我|请随时|需要我|是否需要我|欢迎',
  closingWords: '告诉我|请?随时(?:联系|提问|问)|需要我|对[您你]有(?:所)?帮助|我(?:可以|很乐意)',
}

const japanese: ChatterPhrases = {
  interjection: 'もちろん(?:です)?|承知(?:いた)?しました|はい|わかりました|かしこまりました|了解(?:です|しました)',
  announcement: 'ご(?:要望|依頼|希望)',
  presentation: '以下(?:は|に|が)|こちら(?:は|が)|次(?:は|が)',
  meta: 'ご(?:要望|依頼|希望)の|マークダウン形式|markdown ?形式|見出しレベル',
  closing: 'ご不明|ご質問|お役に立|何か|もし|他に|必要(?:で|が)|さらに',
  closingWords: 'お知らせください|お申し付けください|お役に立て|お気軽に(?:お|ご)|教えてください|いたしましょうか',
}

const spaced = [english, german, french, spanish, portuguese, italian, dutch, polish, russian]
/** Languages that write no spaces: their words need no bounds. */
const unspaced = [chinese, japanese]

/** One pattern of a part of all languages; `start` and `end` bound it, words of spaced languages at their ends too. */
function pattern(part: keyof ChatterPhrases, start: string, end = ''): RegExp {
  const whole = `(?:${spaced.map((phrases) => phrases[part]).join('|')})(?!${letter}|[0-9])`
  const bounded = start === '' ? `(?<!${letter}|[0-9])${whole}` : whole
  return new RegExp(`${start}(?:${bounded}|(?:${unspaced.map((phrases) => phrases[part]).join('|')}))${end}`)
}

/** The patterns by which words of a model about its own answer are known; made when they are first asked for. */
export function chatterPatterns(): Readonly<Record<keyof ChatterPhrases, RegExp>> {
  patterns ??= {
    interjection: pattern('interjection', '^[¡¿]?', '(?:\\s*[!,.:–—！，。：、-]\\s*)+'),
    announcement: pattern('announcement', '^'),
    presentation: pattern('presentation', '^'),
    meta: pattern('meta', ''),
    closing: pattern('closing', '^[¡¿]?'),
    closingWords: pattern('closingWords', ''),
  }
  return patterns
}

let patterns: Readonly<Record<keyof ChatterPhrases, RegExp>> | undefined
