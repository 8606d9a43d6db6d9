/** What people read, in French. */
import type { ENGLISH } from './en.js';

/** Every message there is, with the same placeholders. */
export const FRENCH: Readonly<Record<keyof typeof ENGLISH, string>> = {
  'error.INVALID_INPUT': 'Une valeur n’est pas valable.',
  'error.NOT_FOUND': 'Introuvable.',
  'error.FORBIDDEN': 'Vous n’avez pas le droit de faire cela.',
  'error.CONFLICT': 'Ce n’est plus possible.',
  'error.ALREADY_EXISTS': 'Cela existe déjà.',
  'error.LIMIT_EXCEEDED': 'Il y en a trop.',
  'error.QUOTA_EXCEEDED': 'Votre compte a épuisé ce à quoi il a droit.',
  'error.RATE_LIMITED': 'Trop de tentatives. Réessayez dans {wait}.',
  'error.ACCOUNT_SUSPENDED': 'Le compte est suspendu.',
  'error.BLOCKED': 'Un blocage l’empêche.',
  'error.NO_CHAT_DEVICE': 'Cette personne n’utilise pas la messagerie chiffrée.',
  'error.IDENTITY_MISMATCH': 'Votre compte a une autre clé d’identité.',
  'error.USERNAME_TAKEN': 'Ce nom n’est pas libre.',
  'error.WEAK_PASSWORD': 'Ce mot de passe est trop court, trop long ou trop courant.',
  'error.INVALID_CREDENTIALS': 'Le nom et le mot de passe ne correspondent pas.',
  'error.EXPIRED': 'Ce n’est plus valable. Demandez-en un nouveau.',
  'error.MEDIA_NOT_READY': 'Le fichier est encore en cours de traitement.',
  'error.MEDIA_REJECTED':
    'Le fichier est endommagé, trop volumineux ou n’est pas ce qu’il prétend être.',
  'error.UNSUPPORTED_MEDIA': 'Ce type de fichier n’est pas accepté ici.',
  'error.STALE_EPOCH': 'Le groupe a changé entre-temps.',
  'error.EPOCH_TOO_OLD': 'Le groupe a trop changé depuis que ce message a été écrit.',
  'error.MLS_MISMATCH': 'Le message chiffré n’est pas ce qu’il prétend être.',
  'error.MISSING_WELCOME': 'Rien ne fait entrer une personne ajoutée.',
  'error.UNPROVEN_MESSAGE': 'Ce message n’a pas été envoyé ainsi.',
  'error.UNKNOWN_KEY_PACKAGE': 'Un appareil ajouté n’a plus cette clé.',
  'error.HUB_UNREACHABLE': 'Le serveur de cette conversation ne répond pas. Réessayez plus tard.',
  'error.IDEMPOTENCY_KEY_REUSED': 'Cette clé a déjà servi pour une autre demande.',
  'error.CAPTCHA_REQUIRED': 'Résolvez d’abord le test.',
  'error.REAUTHENTICATION_REQUIRED': 'Connectez-vous d’abord à nouveau.',
  'error.APPROVAL_REQUIRED': 'L’équipe de modération n’a pas encore approuvé le compte.',
  'error.EMAIL_UNVERIFIED': 'Confirmez d’abord votre adresse e-mail.',
  'error.REGISTRATION_CLOSED': 'Ce serveur n’accepte pas de nouveaux comptes de cette façon.',
  'quota.STORAGE_BYTES': 'Il ne reste pas assez de place : {used} sur {limit} sont utilisés.',
  'quota.IMAGE_BYTES': 'Une image peut peser au plus {limit}.',
  'quota.VIDEO_BYTES': 'Une vidéo peut peser au plus {limit}.',
  'quota.ATTACHMENT_BYTES': 'Un fichier chiffré peut peser au plus {limit}.',
  'quota.VIDEO_DURATION_MS': 'Une vidéo peut durer au plus {limit}.',
  'quota.POSTS_PER_DAY':
    'Au plus {limit, plural, one {# publication} other {# publications}} en 24 heures.',
  'quota.SCHEDULED_POSTS':
    'Au plus {limit, plural, one {# publication programmée} other {# publications programmées}}.',
  'quota.OPEN_UPLOADS':
    'Au plus {limit, plural, one {# envoi} other {# envois}} à la fois : terminez-en ou annulez-en un d’abord.',
  'quota.OPEN_UPLOAD_BYTES':
    'Les envois en cours peuvent peser au plus {limit} ensemble, et {used} sont en route : terminez-en ou annulez-en un d’abord.',
  'quota.ANALYTICS_DAYS': 'Les chiffres remontent à {limit, plural, one {# jour} other {# jours}}.',
  'quota.UPLOADS_PER_DAY': 'Au plus {limit, plural, one {# envoi} other {# envois}} en 24 heures.',
  'rule.MAX_LENGTH': 'Au plus {limit, plural, one {# caractère} other {# caractères}}.',
  'rule.MIN_LENGTH': 'Au moins {limit, plural, one {# caractère} other {# caractères}}.',
  'rule.LENGTH': 'La longueur doit être de {limit}.',
  'rule.MAX_ITEMS': 'Au plus {limit}.',
  'rule.MIN_ITEMS': 'Au moins {limit}.',
  'rule.RANGE': 'La valeur doit être comprise dans {limit}.',
  'rule.REQUIRED': 'Cette information est obligatoire.',
  'rule.NOT_SELF': 'Vous ne pouvez pas faire cela à vous-même.',
  'rule.EMOJI': 'Une réaction est exactement un emoji.',
  'rule.ONE_OF': 'Choisissez exactement une des possibilités.',
  'rule.FORMAT': 'La forme n’est pas la bonne.',
  'rule.UNIQUE': 'Chacun ne peut figurer ici qu’une fois.',
  'rule.MINIMUM': 'Pas moins de {limit}.',
  'rule.MAXIMUM': 'Pas plus de {limit}.',
  'rule.FUTURE': 'Cette date est déjà passée.',
  'rule.UNCHANGED': 'C’est déjà le cas.',
  'rule.UNCHANGEABLE': 'Ceci ne change pas.',
  'rule.TIME_ZONE': 'Ce fuseau horaire n’existe pas.',
  'rule.ROLE': 'Ce rôle ne le permet pas.',
  'rule.PUBLIC_HTTPS': 'Il faut une adresse https publique.',
  'rule.PROVIDER': 'Les adresses de ce fournisseur ne sont pas acceptées ici.',
  'rule.PATTERN': 'Un signe qui s’y trouve n’est pas permis.',
  'rule.ONE_DIRECTION': 'Donnez first ou last, pas les deux.',
  'rule.CURSOR_DIRECTION': 'after va avec first, before avec last.',
  'rule.MINIMUM_AGE': 'Il faut avoir au moins {limit, plural, one {# an} other {# ans}}.',
  'rule.FIRST_LEVEL': 'Seul un commentaire visible du premier niveau peut être épinglé.',
  'rule.AUDIENCE': 'Tous ne peuvent pas voir ce à quoi ceci répond.',
  'rule.EXCLUSIVE': 'L’un exclut l’autre.',
  'rule.EARLIEST': 'C’est trop tôt.',
  'rule.LATEST': 'C’est trop loin.',
  'rule.ENUM': 'Cela n’existe pas.',
  'rule.BEYOND_OWN_SCOPES': 'Personne ne peut accorder plus que ce qu’il possède.',
  'rule.HASHTAG':
    'Un mot-dièse se compose de lettres, de chiffres et de traits de soulignement, avec au moins une lettre.',
  'rule.ALT_TEXT': 'Décrivez d’abord chaque image.',
  'rule.CURSOR': 'Ce n’est pas un curseur de cette liste.',
  'rule.TRUE': 'Indiquez true, ou omettez-le.',
  'letter.greeting': 'Bonjour {handle},',
  'letter.emailChange.subject': 'Votre adresse e-mail va changer',
  'letter.emailChange.wanted':
    'quelqu’un qui connaît votre mot de passe souhaite que votre compte utilise une autre adresse e-mail.',
  'letter.emailChange.undo':
    'Si c’est vous, vous n’avez rien à faire. Sinon, ouvrez ce lien dans les 72 heures : le compte garde cette adresse, toutes les sessions prennent fin et vous recevez un message pour choisir un nouveau mot de passe.',
  'letter.passwordChanged.subject': 'Votre mot de passe a changé',
  'letter.passwordChanged.changed':
    'le mot de passe de votre compte vient d’être changé et les autres sessions ont pris fin.',
  'letter.passwordChanged.notYou':
    'Si ce n’est pas vous, demandez tout de suite un nouveau mot de passe avec cette adresse e-mail.',
  'letter.chatDevice.subject.added': 'Un appareil s’ajoute à vos discussions chiffrées',
  'letter.chatDevice.subject.replaced': 'Vos discussions chiffrées ont une autre clé',
  'letter.chatDevice.added':
    'l’appareil « {name} » ({platform}) peut désormais lire et écrire vos discussions chiffrées.',
  'letter.chatDevice.replaced':
    'l’appareil « {name} » ({platform}) a recommencé vos discussions chiffrées avec une autre clé. Tous les anciens appareils ont été écartés, et les personnes avec qui vous discutez sont averties.',
  'letter.chatDevice.notYou':
    'Si ce n’est pas vous, changez tout de suite votre mot de passe, mettez fin aux autres sessions et révoquez l’appareil.',
  'letter.resetPassword.subject': 'Choisissez un nouveau mot de passe',
  'letter.resetPassword.open':
    'ouvrez ce lien pour choisir un nouveau mot de passe. Il fonctionne une fois, pendant une heure, et met fin à toutes les sessions de votre compte.',
  'letter.resetPassword.ignore':
    'Si vous n’avez rien demandé, vous n’avez rien à faire : votre mot de passe reste le même.',
  'letter.registration.welcome': 'Bienvenue',
  'letter.registration.subject': 'Votre inscription',
  'letter.registration.approved':
    'l’équipe de modération a approuvé votre compte : vous pouvez vous connecter dès maintenant. Bienvenue !',
  'letter.registration.rejected':
    'l’équipe de modération a décidé de ne pas ouvrir le compte que vous avez demandé.',
  'letter.moderation.subject': 'Une décision de l’équipe de modération',
  'letter.moderation.WARN':
    'l’équipe de modération vous demande de respecter les règles de ce serveur.',
  'letter.moderation.MARK_SENSITIVE':
    'l’équipe de modération a marqué certaines de vos publications comme sensibles.',
  'letter.moderation.REMOVE_CONTENT':
    'l’équipe de modération a retiré des publications ou des commentaires de votre part.',
  'letter.moderation.RESTORE_CONTENT':
    'l’équipe de modération a rétabli des publications ou des commentaires de votre part.',
  'letter.moderation.LIMIT':
    'l’équipe de modération a limité votre compte : seules les personnes qui vous suivent voient vos publications.',
  'letter.moderation.UNLIMIT': 'l’équipe de modération a levé la limite de votre compte.',
  'letter.moderation.SUSPEND': 'l’équipe de modération a suspendu votre compte.',
  'letter.moderation.UNSUSPEND':
    'l’équipe de modération a rouvert votre compte : vous pouvez vous connecter comme avant.',
  'letter.moderation.content': 'Il s’agit de ce que vous avez publié :',
  'letter.moderation.rules':
    '{count, plural, one {Cette règle} other {Ces règles}} du serveur {count, plural, one {n’a pas été respectée} other {n’ont pas été respectées}} :',
  'letter.moderation.decided':
    'Une personne de l’équipe a pris cette décision, et non un programme.',
  'letter.moderation.object':
    'Si vous pensez que cette décision est une erreur, écrivez à cette adresse en disant pourquoi ; l’équipe la réexaminera :',
  'letter.deletion.subject': 'Votre compte est supprimé',
  'letter.deletion.closed':
    'votre compte est fermé : plus personne ne le voit, ni rien de ce qu’il contient. Le {date}, tout son contenu sera effacé définitivement.',
  'letter.deletion.return':
    'Si vous changez d’avis, connectez-vous avant ce jour : tout sera comme avant. Si ce n’est pas vous qui l’avez supprimé, connectez-vous et changez tout de suite de mot de passe.',
  'letter.mailboxTaken.subject': 'Vous avez déjà un compte',
  'letter.mailboxTaken.taken':
    'quelqu’un, peut-être vous, a voulu utiliser cette adresse e-mail pour le nom ci-dessus. Un compte utilise déjà cette adresse ; rien n’a donc changé.',
  'letter.mailboxTaken.opened':
    'le compte ci-dessus a été ouvert avec cette adresse e-mail, qu’un autre compte a déjà confirmée. Dans le nouveau compte, l’adresse reste non confirmée : connectez-vous-y avec son nom, pas avec l’adresse.',
  'letter.mailboxTaken.openedNext':
    'Si c’est vous : vous pouvez donner une autre adresse au nouveau compte dans ses paramètres. Sinon, vous n’avez rien à faire : votre propre compte n’a pas changé.',
  'letter.mailboxTaken.next':
    'Si c’est vous : connectez-vous avec ce compte ou demandez un nouveau mot de passe avec cette adresse. Sinon, vous n’avez rien à faire.',
  'letter.verifyEmail.subject': 'Confirmez votre adresse e-mail',
  'letter.verifyEmail.open':
    'merci d’ouvrir ce lien pour confirmer que cette adresse e-mail est la vôtre. Il fonctionne une fois, pendant trois jours.',
  'letter.verifyEmail.ignore': 'Si vous n’avez rien demandé, vous n’avez rien à faire.',
  'letter.digest.subject':
    '{count, plural, one {# notification non lue} other {# notifications non lues}}',
  'letter.digest.intro': 'voici ce que vous n’avez pas encore lu :',
  'letter.digest.more': '{count, plural, one {et # autre.} other {et # autres.}}',
  'letter.digest.unsubscribe':
    'Vous recevez ce message au plus {frequency, select, DAILY {une fois par jour} other {une fois par semaine}}. Pour ne plus le recevoir, ouvrez ce lien :',
  'page.front.registration.OPEN':
    'Tout le monde peut ouvrir un compte ici, avec n’importe quelle application pour ce serveur.',
  'page.front.registration.APPROVAL':
    'Pour avoir un compte ici, demandez-le dans une application ; l’équipe de modération décide.',
  'page.front.registration.INVITE':
    'Avec une invitation, vous pouvez ouvrir un compte ici, dans n’importe quelle application pour ce serveur.',
  'page.front.registration.CLOSED': 'Aucun nouveau compte n’est ouvert ici.',
  'page.post.title': '{name} sur {server}',
  'page.post.closed': 'Contenu sensible',
  'page.profile.posts': '{count, plural, one {# publication} other {# publications}}',
  'page.profile.followers':
    '{count, plural, one {# personne abonnée} other {# personnes abonnées}}',
  'page.profile.empty': 'Rien à voir pour le moment.',
  'page.profile.app': 'Dans une application\u202f: cherchez {handle}.',
  'page.post.likes': '{count, plural, one {# j’aime} other {# j’aime}}',
  'page.post.comments': '{count, plural, one {# commentaire} other {# commentaires}}',
  'page.more': 'Suite',
  'page.hashtag.description': 'Publications avec {hashtag} que {host} connaît',
  'page.collection.by': 'Une collection de {name} ({handle})',
  'page.playlist.by': 'Une liste de lecture de {name} ({handle})',
  'page.missing.title': 'Rien ici',
  'page.missing.why': 'La page a disparu, n’a jamais existé ou n’est pas pour tout le monde.',
  'page.interaction.title': 'Continuez dans votre application',
  'page.interaction.how':
    'Ouvrez l’application que vous utilisez avec {server} et cherchez-y\u202f:',
  'page.interaction.then':
    'Vous pourrez y suivre, commenter et réagir. Cette page ne peut rien faire en votre nom.',
  'page.interaction.post': 'Publication',
  'page.front.rules': 'Règles',
  'page.front.developers': 'Pour qui développe des applications',
  'page.front.apps':
    'Tout ce que ce serveur sait faire se trouve dans une seule API GraphQL documentée.',
  'page.front.graphiql': 'L’essayer, avec des exemples',
  'page.front.schema': 'Le schéma complet',
  'page.invite.byPerson': '{name} vous invite sur {server}',
  'page.invite.byStaff': 'Une invitation pour {server}',
  'page.invite.how':
    'Ouvrez un compte avec n’importe quelle application pour ce serveur. Elle demande une invitation : donnez-lui l’adresse de cette page, ou ce code.',
  'page.invite.qr': 'Code QR avec l’adresse de cette page',
  'page.invite.follow': 'Vous suivrez {name} dès le début.',
  'page.invite.approval': 'Les modérateurs doivent encore accepter votre inscription.',
  'page.invite.until': 'L’invitation est valable jusqu’au {date}.',
  'page.invite.worthless': 'Cette invitation n’est plus valable',
  'page.invite.ask': 'Demandez-en une autre à la personne qui vous l’a envoyée.',
  'page.pack.by': 'Un pack de démarrage de {name} ({handle})',
  'page.pack.app':
    'Dans une application pour ce serveur, vous pouvez suivre tout le monde en une fois.',
  'page.unsubscribe.title': 'Messages sur vos notifications',
  'page.unsubscribe.question': 'Appuyez sur le bouton pour ne plus recevoir ces messages.',
  'page.unsubscribe.button': 'Ne plus recevoir',
  'page.unsubscribe.done':
    'C’est fait : vous ne recevrez plus ces messages. Vous pouvez les choisir à nouveau dans vos paramètres.',
  'page.unsubscribe.unknown':
    'Ce lien n’est pas complet. Ouvrez-le encore une fois depuis le message.',
  'notification.FOLLOW':
    '{count, plural, =0 {{name} vous suit} one {{name} et # autre personne vous suivent} other {{name} et # autres personnes vous suivent}}',
  'notification.FOLLOW_REQUEST': '{name} souhaite vous suivre',
  'notification.FOLLOW_ACCEPTED': '{name} a accepté votre demande de suivi',
  'notification.LIKE':
    '{count, plural, =0 {{name} aime} one {{name} et # autre personne aiment} other {{name} et # autres personnes aiment}} {subject, select, comment {votre commentaire} other {votre publication}}',
  'notification.REACTION':
    '{count, plural, =0 {{name} a réagi} one {{name} et # autre personne ont réagi} other {{name} et # autres personnes ont réagi}} à {subject, select, comment {votre commentaire} other {votre publication}}',
  'notification.REPOST':
    '{count, plural, =0 {{name} a repartagé} one {{name} et # autre personne ont repartagé} other {{name} et # autres personnes ont repartagé}} votre publication',
  'notification.COMMENT': '{name} a commenté votre publication',
  'notification.REPLY': '{name} a répondu à votre commentaire',
  'notification.MENTION':
    '{name} vous a mentionné dans {subject, select, comment {un commentaire} other {une publication}}',
  'notification.QUOTE': '{name} a cité votre publication',
  'notification.REMIX': '{name} a fait une vidéo avec la vôtre',
  'notification.STORY_MENTION': '{name} vous a mentionné dans une story',
  'notification.STORY_REACTION':
    '{count, plural, =0 {{name} a réagi} one {{name} et # autre personne ont réagi} other {{name} et # autres personnes ont réagi}} à votre story',
  'notification.STORY_ANSWER': '{name} a répondu à votre story',
  'notification.TAGGED': '{name} vous a identifié sur une image',
  'notification.STARTER_PACK': '{name} vous a ajouté à un pack de démarrage',
  'notification.NEW_POST': '{name} a publié quelque chose de nouveau',
  'notification.MODERATION': 'Un message de l’équipe de modération : {reason}',
  'notification.EXPORT_READY': 'Votre archive est prête à être téléchargée',
  'notification.DRAFT_FAILED':
    'Une publication programmée n’a pas pu être publiée ; elle est gardée en brouillon avec la raison',
  'sound.original': 'Son original – @{handle}',
  'sound.withoutOrigin': 'Son original',
  'notification.MEDIA_FAILED': 'Le fichier {fileName} n’a pas pu être traité',
  'feed.source.OWN': 'Vous l’avez publié.',
  'feed.source.FOLLOWED_ACCOUNT': 'Vous suivez {author}.',
  'feed.source.FOLLOWED_HASHTAG': 'Contient un hashtag que vous suivez.',
  'feed.source.EDITORIAL_PICK': 'L’équipe de ce serveur l’a choisi.',
  'feed.source.LOCAL_TREND': 'Publié ici, et beaucoup de personnes s’y intéressent en ce moment.',
  'feed.source.NETWORK_TREND':
    'Publié sur un autre serveur, et beaucoup de personnes d’ici s’y intéressent en ce moment.',
  'feed.source.SOUND_OR_REMIX': 'Reprend le son d’une vidéo que vous avez aimée, ou en a été tiré.',
  'feed.source.SIMILAR_CREATOR': 'Des personnes que vous suivez suivent {author}.',
  'feed.source.LOCAL_PUBLIC': 'Parmi les plus récents de ce serveur.',
  'feed.source.EXPLORATION':
    'Tiré au sort, pour que vous voyiez aussi ce que personne n’a choisi pour vous.',
  'feed.evidence.FRESHNESS':
    'Publié {hours, plural, =0 {moins d’une heure} one {# heure} other {# heures}} avant cette page.',
  'feed.evidence.CREATOR_AFFINITY': 'Vos actes avec {author} : {acts}.',
  'feed.evidence.HASHTAG_AFFINITY': 'Vous avez agi sur des publications avec {hashtags}.',
  'feed.evidence.ENGAGEMENT_RATE':
    '{count, plural, one {# réaction, commentaire ou partage} other {# réactions, commentaires et partages}}.',
  'feed.evidence.TREND': 'Numéro {place} des tendances.',
  'feed.evidence.EDITORIAL_BOOST': 'L’équipe de ce serveur l’a choisi.',
  'feed.evidence.ACCESSIBILITY': 'Décrit pour les personnes qui ne peuvent pas le voir.',
  'feed.act.WATCH': '{count, plural, one {# visionnage} other {# visionnages}}',
  'feed.act.LIKE': '{count, plural, one {# j’aime} other {# j’aime}}',
  'feed.act.COMMENT': '{count, plural, one {# commentaire} other {# commentaires}}',
  'feed.act.BOOKMARK': '{count, plural, one {# signet} other {# signets}}',
  'feed.act.REPOST': '{count, plural, one {# partage} other {# partages}}',
  'feed.act.FOLLOW': '{count, plural, one {un abonnement} other {# abonnements}}',
  'feed.act.LESS':
    '{count, plural, one {« moins de ce genre » une fois} other {« moins de ce genre » # fois}}',
  'feed.dailyLimit':
    'Vous avez regardé {watchedMinutes, plural, one {# minute} other {# minutes}} aujourd’hui ; vous vouliez vous arrêter à {minutes}.',
  'feed.adjustment.AUTHOR_DIVERSITY':
    'A dû attendre, pour que les publications d’une même personne ne se suivent pas de trop près.',
  'feed.adjustment.EXPLORATION': 'Une place sur dix est tirée au sort.',
};
