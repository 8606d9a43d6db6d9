/**
 * What refusals say of the case at hand, in other languages than English, by their English words. Only such as no
 * rule, quota or wait describes.
 */
import type { Locale } from './catalogue.js';

const FRENCH: Readonly<Record<string, string>> = {
  'Accept the request first.': 'Acceptez d’abord la demande.',
  'Between two, nobody comes or is sent away.':
    'Dans une conversation à deux, personne n’est ajouté ni retiré.',
  'Only an admin adds and removes people.':
    'Seul un administrateur ajoute et retire des personnes.',
  'Only an admin begins the group anew.': 'Seul un administrateur recommence le groupe.',
  'Only an admin sets the term.': 'Seul un administrateur fixe la durée.',
  'The original video may not be used any more.': 'La vidéo d’origine ne peut plus être utilisée.',
  'This device is not in the group.': 'Cet appareil n’est pas dans le groupe.',
  'This is the device of somebody else.': 'C’est l’appareil de quelqu’un d’autre.',
  'A block stands between you and this person.': 'Un blocage vous sépare de cette personne.',
  'A file is being taken in already.': 'Un fichier est déjà en cours d’importation.',
  'A moderator has yet to approve your account.':
    'La modération doit encore approuver votre compte.',
  'A post for a few people cannot be pinned.':
    'Une publication destinée à quelques personnes ne peut pas être épinglée.',
  'An archive is being written already.': 'Une archive est déjà en cours de création.',
  'An invite is needed to register here.': 'Il faut une invitation pour s’inscrire ici.',
  'Another account has this e-mail address.': 'Un autre compte utilise cette adresse e-mail.',
  'Another device has saved a backup.': 'Un autre appareil a enregistré une sauvegarde.',
  'Bring the post back first.': 'Désarchivez d’abord la publication.',
  'Confirm your e-mail address first: a link was sent to it.':
    'Confirmez d’abord votre adresse e-mail : un lien y a été envoyé.',
  'Confirm your password first.': 'Confirmez d’abord votre mot de passe.',
  'It is of somebody else.': 'Cela appartient à quelqu’un d’autre.',
  'It is picked already.': 'Elle est déjà choisie.',
  'Its author does not want it to be found.': 'Son auteur ne souhaite pas qu’on la trouve.',
  'Its server has made us ask others too often.':
    'Son serveur nous a fait interroger d’autres serveurs trop souvent.',
  'Nobody else is here any more.': 'Il n’y a plus personne d’autre ici.',
  'Nobody here has accepted this.': 'Personne ici ne l’a accepté.',
  'Nobody moves somebody else.': 'Personne ne déménage quelqu’un d’autre.',
  'Nobody moves to themselves.': 'Personne ne déménage chez soi-même.',
  'Nobody picks a post of their own.': 'On ne choisit pas ses propres publications.',
  'The actor does not say that it has moved there.': 'Ce compte ne dit pas y avoir déménagé.',
  'The other account does not name the one that moves.':
    'L’autre compte ne nomme pas celui qui déménage.',
  'The other account does not name this one as its alias.':
    'L’autre compte ne nomme pas celui-ci comme alias.',
  'The other account has moved itself.': 'L’autre compte a lui-même déménagé.',
  'The other account takes no followers.': 'L’autre compte n’accepte pas d’abonnés.',
  'This account has moved: publish with the one that it has moved to.':
    'Ce compte a déménagé : publiez avec celui vers lequel il a déménagé.',
  'This id was used in another conversation.':
    'Cet identifiant a servi dans une autre conversation.',
  'Turn profiling on first: this is part of the profile.':
    'Activez d’abord le profilage : cela fait partie du profil.',
  'You block the server of this actor: unblock it first.':
    'Vous bloquez le serveur de ce compte : débloquez-le d’abord.',
  'Named twice.': 'Cet élément figure deux fois.',
  'On this server only the staff invites.': 'Sur ce serveur, seule l’équipe invite.',
  'Only public and unlisted posts can be reposted.':
    'Seules les publications publiques ou non listées peuvent être repartagées.',
  'Sign in first.': 'Connectez-vous d’abord.',
  'Solve the challenge of `instance.registrations` first.':
    'Résolvez d’abord le défi de `instance.registrations`.',
  'The account was closed when the time came.': 'Le compte était fermé le moment venu.',
  'No sound was recognised in this post.': 'Aucun son n’a été reconnu dans cette publication.',
  'The author does not let you use this video.':
    'Son auteur ne vous permet pas d’utiliser cette vidéo.',
  'The author does not let you quote this post.':
    'Son auteur ne vous permet pas de citer cette publication.',
  'The comment is for more people than its change.':
    'Le commentaire s’adresse à plus de personnes que sa modification.',
  'Too many answers for fewer people each.':
    'Trop de réponses adressées chacune à moins de personnes.',
  'The author does not take comments from you.': 'L’auteur n’accepte pas vos commentaires.',
  'The author takes no answers to this story.': 'L’auteur n’accepte pas de réponses à cette story.',
  'The bytes have not arrived yet.': 'Le contenu du fichier n’est pas encore arrivé.',
  'The owner answers for the server and cannot leave it like this.':
    'Le propriétaire répond du serveur et ne peut pas le quitter ainsi.',
  'There is a block between you.': 'Un blocage vous sépare.',
  'There is a folder with this title.': 'Un dossier porte déjà ce titre.',
  'There is an emoji of this shortcode.': 'Un émoji porte déjà ce nom.',
  'This account does not wait for a decision.': 'Ce compte n’attend pas de décision.',
  'This account is closed already.': 'Ce compte est déjà fermé.',
  'This account is suspended.': 'Ce compte est suspendu.',
  'This actor does not accept you.': 'Cette personne ne vous accepte pas.',
  'This actor takes no new followers.': 'Ce compte n’accepte plus de nouveaux abonnés.',
  'There is nothing to try again.': 'Il n’y a rien à réessayer.',
  'This asset is in use already.': 'Ce fichier est déjà utilisé.',
  'This asset is in use.': 'Ce fichier est utilisé.',
  'This asset is not ready yet.': 'Ce fichier n’est pas encore prêt.',
  'This file could not be used.': 'Ce fichier n’a pas pu être utilisé.',
  'This idempotency key was used with a different input.':
    'Cette clé d’idempotence a servi avec d’autres données.',
  'This invite is not valid any more.': 'Cette invitation n’est plus valable.',
  'This is for others than the author.': 'Ceci est réservé à d’autres que l’auteur.',
  'This is for staff.': 'Ceci est réservé à l’équipe.',
  'This link is not valid any more. Ask for a new one.':
    'Ce lien n’est plus valable. Demandez-en un nouveau.',
  'This key was that of a device before.': 'Cette clé a déjà été celle d’un appareil.',
  'This link is not valid any more.': 'Ce lien n’est plus valable.',
  'This person cannot be tagged here.': 'Cette personne ne peut pas être identifiée ici.',
  'This person has no device that chats encrypted.':
    'Cette personne n’a aucun appareil qui utilise la messagerie chiffrée.',
  'This person has the same or a higher role.':
    'Cette personne a le même rôle ou un rôle supérieur.',
  'This person is not to be recommended.': 'Cette personne ne souhaite pas être recommandée.',
  'This role does not stand below yours.': 'Ce rôle n’est pas inférieur au vôtre.',
  'This server takes no new accounts.': 'Ce serveur n’accepte pas de nouveaux comptes.',
  'This ticket was used already.': 'Ce ticket a déjà servi.',
  'You block this actor: unblock first.': 'Vous bloquez cette personne : débloquez-la d’abord.',
};

/** By language; English says it itself. */
export const REFUSALS: Readonly<Partial<Record<Locale, Readonly<Record<string, string>>>>> = {
  fr: FRENCH,
};
