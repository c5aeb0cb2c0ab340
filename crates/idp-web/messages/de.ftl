# Was Vestibule sagt, auf Deutsch. Vorlage ist en.ftl.

## Shared

continue-to = weiter zu { $application }
signing-in-as = Anmeldung als
signed-in-as = Angemeldet als
use-another-account = Anderes Konto verwenden
continue = Weiter
title-problem = Problem: { $title }

## Signing in: the account

account-page-title = Anmelden bei { $application }
account-heading = Anmelden
account-label = Kontoname
account-hint = Er sieht meist aus wie eine E-Mail-Adresse.
account-empty = Bitte geben Sie Ihren Kontonamen ein.
account-malformed = Das sieht nicht nach einem Kontonamen aus. Bitte prüfen Sie ihn auf Tippfehler.

## Signing in: the password

password-page-title = Passwort eingeben für { $application }
password-heading = Passwort eingeben
password-label = Passwort
password-submit = Anmelden
password-empty = Bitte geben Sie Ihr Passwort ein.
password-wrong = Kontoname und Passwort passen nicht zusammen. Bitte prüfen Sie beides und versuchen Sie es noch einmal.
password-locked = Das waren zu viele Versuche. Bitte warten Sie eine Weile oder wenden Sie sich an Ihre Administration.
password-locked-minutes =
    { $minutes ->
        [one] Das waren zu viele Versuche. Bitte versuchen Sie es in einer Minute wieder.
       *[other] Das waren zu viele Versuche. Bitte versuchen Sie es in { $minutes } Minuten wieder.
    }

## Signing in: another password

new-password-page-title = Passwort wählen für { $application }
new-password-heading = Eigenes Passwort wählen
new-password-explanation = Das eben benutzte Passwort galt nur für eine Anmeldung.
new-password-label = Neues Passwort
new-password-rules = Mindestens 8 Zeichen aus drei Gruppen: Kleinbuchstaben, Großbuchstaben, Ziffern, Sonderzeichen.
new-password-again-label = Neues Passwort, noch einmal
new-password-submit = Passwort setzen und anmelden
new-password-empty = Bitte geben Sie das neue Passwort zweimal ein.
new-password-differs = Die beiden Eingaben stimmen nicht überein. Bitte geben Sie das neue Passwort zweimal ein.
new-password-unsuitable = Dieses Passwort kann nicht verwendet werden. Bitte wählen Sie eines nach der Regel unten, ohne Umlaute und ohne Ihren Kontonamen.
new-password-same = Das ist das eben benutzte Passwort. Bitte wählen Sie ein anderes.

## Signing in: keep me signed in

stay-page-title = Für { $application } angemeldet bleiben?
stay-heading = Auf diesem Gerät angemeldet bleiben?
stay-explanation = Dann fragt dieser Browser eine Zeit lang nicht mehr nach Ihrem Passwort. Wählen Sie „Nein“, wenn auch andere dieses Gerät benutzen.
stay-yes = Ja, angemeldet bleiben
stay-no = Nein

## Choosing an account

picker-page-title = Konto wählen für { $application }
picker-heading = Konto wählen
picker-sign-out-heading = Von welchem Konto möchten Sie sich abmelden?
picker-signed-in = Angemeldet
picker-signed-out = Abgemeldet

## Asking for consent

application-without-name = eine Anwendung ohne Namen
acting-in = bei { $organisation }
consent-heading = { $application } zulassen?
consent-heading-everyone = { $application } für alle bei { $organisation } zulassen?
consent-published-by = Veröffentlicht von { $publisher }
consent-publisher-unknown = Von unbekannter Herkunft
consent-verified = geprüft
consent-unverified = nicht geprüft
consent-warning = Diese Anwendung gehört zu einer anderen Organisation, und ihr Herausgeber ist nicht geprüft. Lassen Sie sie nur zu, wenn Sie sie kennen.
consent-asks = Was sie tun möchte
consent-new = Neu
consent-unattended = Auch wenn niemand angemeldet ist
consent-on-behalf = Für alle bei { $organisation } zulassen
consent-on-behalf-hint = Dann wird dort niemand mehr gefragt. Ohne diese Wahl entscheiden Sie nur für sich selbst.
consent-meaning = Wenn Sie zulassen, darf { $application } das künftig, ohne noch einmal zu fragen. Sie können es später zurücknehmen: Wenden Sie sich dafür an die Administration von { $organisation }.
consent-meaning-everyone = Wenn Sie zulassen, darf { $application } das für alle bei { $organisation }, und dort wird niemand gefragt. Die Administration kann es später zurücknehmen.
consent-links = Vom Herausgeber, jeweils in einem neuen Tab:
consent-terms = Nutzungsbedingungen
consent-privacy = Datenschutzerklärung
consent-accept = Zulassen
consent-cancel = Abbrechen

## Asking for consent: an administrator is needed

approval-page-title = Die Administration muss { $application } zulassen
approval-heading = Das muss die Administration zulassen
approval-happened = { $application } möchte etwas, das nur die Administration von { $organisation } zulassen kann.
approval-asks = Was nur die Administration zulassen kann
approval-ask = Bitten Sie die Administration von { $organisation }, die Anwendung zuzulassen. Öffnen Sie danach die Anwendung noch einmal.
approval-ask-with-link = Schicken Sie der Administration von { $organisation } diesen Link. Wenn sie die Anwendung zugelassen hat, öffnen Sie die Anwendung noch einmal.
approval-other-account = Wenn Sie selbst ein Konto der Administration haben, wählen Sie oben „Anderes Konto verwenden“.
approval-return = Zurück zu { $application }

## Asking for consent: an administrator has allowed it

consented-heading = { $application } ist jetzt für alle bei { $organisation } zugelassen
consented-explanation = Hier ist nichts weiter zu tun. Sie können diese Seite schließen.
consented-take-back = Die Administration kann das später zurücknehmen.

## Becoming a guest

invitation-heading = Gast bei { $organisation } werden?
invitation-lead = { $organisation } hat Sie eingeladen. Sie melden sich weiterhin mit Ihrem eigenen Konto an.
invitation-means = Was { $organisation } darf
invitation-sees = Ihren Namen und Ihre E-Mail-Adresse sehen
invitation-records = Festhalten, was Sie dort tun
invitation-limits = Bestimmen, was Sie dort benutzen dürfen, und es jederzeit beenden
invitation-declined-heading = Sie sind kein Gast bei { $organisation }
invitation-declined = Sie haben abgelehnt, und nichts wurde geändert. { $organisation } erfährt davon nichts.
invitation-declined-later = Wenn Sie es sich anders überlegen, folgen Sie der Einladung noch einmal. Sie können dieses Fenster jetzt schließen.
invitation-trust = Nehmen Sie nur an, wenn Sie { $organisation } kennen und eine Einladung erwartet haben.

## Signing in on another device

device-message = Öffnen Sie zum Anmelden die Seite { $address } in einem Browser und geben Sie dort den Code { $code } ein.
device-code-heading = Code vom Gerät eingeben
device-code-lead = Ein Gerät oder Programm hat Ihnen einen Code gezeigt und Sie zum Anmelden hierher geschickt.
device-code-label = Code
device-code-hint = Neun Buchstaben und Ziffern. Groß oder klein, Leerzeichen und Striche spielen keine Rolle.
device-code-not-you = Geben Sie nur einen Code ein, den Sie selbst angefordert haben. Niemand, der Ihnen hilft, braucht einen von Ihnen.
device-code-empty = Bitte geben Sie den Code ein, den Ihr Gerät anzeigt.
device-code-wrong = Mit diesem Code wartet kein Gerät. Bitte prüfen Sie ihn auf Tippfehler; ist er abgelaufen, lassen Sie sich vom Gerät einen neuen geben.
device-code-locked =
    { $minutes ->
        [one] Das waren zu viele falsche Codes. Bitte versuchen Sie es in einer Minute wieder.
       *[other] Das waren zu viele falsche Codes. Bitte versuchen Sie es in { $minutes } Minuten wieder.
    }
device-confirm-heading = Auf einem anderen Gerät bei { $application } anmelden?
device-only-if = Fahren Sie nur fort, wenn Sie das selbst begonnen haben.
device-warning = Wer das Gerät hat, benutzt { $application } in Ihrem Namen. Wenn Ihnen jemand den Code geschickt hat, wählen Sie „Abbrechen“.
device-where = Von wo es angefordert wurde
device-asked-from = Von der Adresse { $address }.
device-asked-now = Vor weniger als einer Minute.
device-asked-ago =
    { $minutes ->
        [one] Vor einer Minute.
       *[other] Vor { $minutes } Minuten.
    }
device-elsewhere = Das ist nicht dort, wo Sie gerade sind.
device-done-heading = Sie sind auf Ihrem Gerät angemeldet
device-done = Sie haben sich auf Ihrem Gerät bei der Anwendung { $application } angemeldet. Sie können dieses Fenster jetzt schließen.
device-declined-heading = Niemand wurde angemeldet
device-declined = Dem Gerät wurde gesagt, dass Sie sich nicht bei { $application } anmelden möchten. Sie können dieses Fenster jetzt schließen.
device-declined-not-you = Wenn Ihnen jemand den Code geschickt hat, sagen Sie es Ihrer Administration.

## What permissions mean

permission-openid = Sie anmelden
permission-openid-everyone = Menschen anmelden
permission-profile = Ihr Grundprofil sehen
permission-profile-everyone = Das Grundprofil aller sehen, die sie benutzen
permission-email = Ihre E-Mail-Adresse sehen
permission-email-everyone = Die E-Mail-Adresse aller sehen, die sie benutzen
permission-offline-access = Den Zugang zu dem behalten, was Sie zugelassen haben, auch wenn Sie sie gerade nicht benutzen
permission-offline-access-everyone = Den Zugang zu dem behalten, was hier zugelassen wird, auch wenn sie gerade niemand benutzt
permission-user-read = Sie anmelden und Ihr Profil lesen
permission-user-read-everyone = Menschen anmelden und ihre Profile lesen
permission-user-read-basic-all = Namen und E-Mail-Adressen aller in der Organisation sehen
permission-user-read-all = Die vollständigen Profile aller in der Organisation lesen
permission-user-read-write-all = Die vollständigen Profile aller in der Organisation lesen und ändern
permission-user-invite-all = Leute von außerhalb als Gäste in die Organisation einladen
permission-group-read-all = Alle Gruppen lesen und wer zu ihnen gehört
permission-group-read-write-all = Gruppen lesen, anlegen, ändern und löschen und bestimmen, wer zu ihnen gehört
permission-directory-read-all = Das ganze Verzeichnis der Organisation lesen: Menschen, Gruppen und Anwendungen
permission-directory-read-write-all = Das ganze Verzeichnis der Organisation lesen und ändern: Menschen, Gruppen und Anwendungen
permission-directory-access-as-user-all = Im Verzeichnis der Organisation alles tun, was Sie selbst dort dürfen
permission-directory-access-as-user-all-everyone = Im Verzeichnis der Organisation alles tun, was dort darf, wer sie gerade benutzt
permission-application-read-all = Lesen, wie alle Anwendungen der Organisation eingerichtet sind
permission-application-read-write-all = Anwendungen anlegen, ändern und löschen, samt den Geheimnissen, mit denen sie sich anmelden
permission-app-role-assignment-read-write-all = Menschen und Anwendungen Berechtigungen geben, auch sich selbst
permission-mail-read = Ihre E-Mails lesen
permission-mail-read-everyone = Die E-Mails aller lesen, die sie benutzen
permission-mail-read-unattended = Die E-Mails in allen Postfächern lesen
permission-mail-send = In Ihrem Namen E-Mails senden
permission-mail-send-everyone = Im Namen aller, die sie benutzen, E-Mails senden
permission-mail-send-unattended = In beliebigem Namen E-Mails senden

## Signing out

sign-out-heading = Abmelden?
sign-out-asked-by = { $application } möchte Sie in diesem Browser abmelden.
sign-out-asked = Sie sind dabei, sich in diesem Browser abzumelden.
sign-out-not-you = Wenn das nicht von Ihnen kommt, schließen Sie einfach diese Seite. Es ändert sich dann nichts.
sign-out-submit = Abmelden
signed-out-heading = Sie sind abgemeldet
signed-out-account = { $account } ist hier nicht mehr angemeldet.
signed-out-everywhere = Die Anwendungen, die Sie benutzt haben, erfahren davon und melden Sie auch ab. Das dauert einen Augenblick.
signed-out-explanation = Wenn auch andere dieses Gerät benutzen, schließen Sie zusätzlich alle Browserfenster.
signed-out-return = Zurück zu { $application }

## Handing over to the application

handover-page-title = Zurück zu { $application }
handover-heading = Einen Moment
handover-explanation = Wir bringen Sie zurück zu { $application }.
handover-without-script = Wenn nichts passiert, wählen Sie „Weiter“.

## The front page

home-heading = Hier meldet man sich an
home-explanation = Dieser Dienst öffnet die Tür zu Anwendungen. Sie müssen hier nichts tun: Öffnen Sie die Anwendung, die Sie benutzen möchten. Sie führt Sie hierher zurück, sobald sie wissen muss, wer Sie sind.
home-developers = Für die Entwicklung
home-discovery = Discovery-Dokument
home-documentation = Dokumentation

## Errors: the frame

error-context = Das geschah auf dem Weg zu { $application }.
error-do = Was Sie tun können
error-ask = Wer weiterhilft
error-start-again = Neu beginnen
details-summary = Einzelheiten für die Entwicklung
details-code = Code
details-message = Meldung
details-application = Anwendung
details-client-id = Anwendungs-ID
details-correlation-id = Korrelations-ID
details-trace-id = Trace-ID
details-time = Zeitpunkt
details-copy = Einzelheiten kopieren
details-copied = Kopiert

## Errors: what happened

redirect-title = Wir können Sie nicht zu dieser Anwendung zurückbringen
redirect-happened = Die Anwendung nennt uns als Ziel eine Adresse, die nicht für sie eingetragen ist. Zum Schutz Ihres Kontos haben wir hier angehalten.
unknown-application-title = Wir kennen diese Anwendung nicht
unknown-application-happened = Die Anwendung, von der Sie kommen, ist hier nicht eingetragen oder wurde entfernt.
unknown-tenant-title = Wir kennen diese Organisation nicht
unknown-tenant-happened = Der Link, dem Sie gefolgt sind, nennt eine Organisation, die hier nicht eingetragen ist.
not-multi-tenant-title = Diese Anwendung gehört zu einer anderen Organisation
not-multi-tenant-happened = Die Anwendung nimmt nur Konten der Organisation an, zu der sie gehört.
not-in-tenant-title = Dieses Konto gehört nicht zur Organisation
not-in-tenant-happened = Sie sind mit einem Konto von anderswo angemeldet, das dieser Organisation nicht bekannt ist.
not-found-title = Hier ist nichts
not-found-happened = Diese Adresse führt nirgendwohin. Vielleicht enthält sie einen Tippfehler, oder der Link ist veraltet.
malformed-title = Die Anfrage der Anwendung war unvollständig
malformed-happened = Wir konnten nicht erkennen, was die Anwendung von uns wollte. An Ihnen lag es nicht.
expired-title = Diese Anmeldeseite ist abgelaufen
expired-happened = Sie war eine Weile geöffnet, oder Ihrem Browser fehlt inzwischen, was dazugehört. Sie wurden nicht angemeldet.
busy-title = Wir können Sie gerade nicht anmelden
busy-happened = Die Anmeldung dauert länger, als sie sollte. Damit Sie nicht warten müssen, haben wir hier angehalten.
too-often-title = Zu viele Versuche
too-often-happened = Es gab zu viele Anmeldeversuche, vielleicht von anderen, die denselben Anschluss benutzen. Im Moment wird nichts weiter angenommen.
not-allowed-title = Sie haben keinen Zugang zu dieser Anwendung
not-allowed-happened = Die Anmeldung hat geklappt, aber die Anwendung ist für dieses Konto nicht freigegeben.
blocked-title = Ihre Organisation lässt diese Art der Anmeldung nicht zu
blocked-happened = Die Anmeldung hat geklappt, aber dieses Konto darf so nicht verwendet werden.
disabled-title = Der Zugang wurde abgeschaltet
disabled-happened = Die Administration hat das Konto oder die Anwendung abgeschaltet.
conflict-title = Eine andere Anmeldung kam dazwischen
conflict-happened = Während Sie sich angemeldet haben, hat sich etwas geändert, vielleicht in einem anderen Tab oder Fenster.
other-title = Die Anmeldung hat nicht geklappt
other-happened = Bei uns ist etwas schiefgegangen. Sie wurden nicht angemeldet.

## Errors: what you can do

do-start-from-application = Gehen Sie zurück zur Anwendung und versuchen Sie es noch einmal. Wenn Sie über ein Lesezeichen oder einen Link gekommen sind, öffnen Sie stattdessen die Startseite der Anwendung.
do-check-address = Prüfen Sie den Link auf Tippfehler, oder öffnen Sie die Anwendung dort, wo Sie sie sonst finden.
do-other-account = Wenn Sie ein anderes Konto haben, melden Sie sich damit bei der Anwendung an.
do-start-again = Gehen Sie zurück zur Anwendung und melden Sie sich erneut an.
do-start-again-here = Sie können von hier aus neu beginnen.
do-wait = Warten Sie eine Minute und versuchen Sie es dann noch einmal.
do-wait-longer = Warten Sie zehn Minuten und versuchen Sie es dann noch einmal.
do-close-others = Schließen Sie andere Anmeldefenster und melden Sie sich dann erneut an.

## Errors: who to ask

ask-application = Diejenigen, die die Anwendung betreiben. Die Einzelheiten unten zeigen, was zu berichtigen ist.
ask-administrator-invite = Die Administration der Organisation. Sie kann Ihr Konto einladen.
ask-administrator-access = Die Administration Ihrer Organisation. Sie kann Ihnen Zugang geben.
ask-administrator-enable = Die Administration Ihrer Organisation. Sie kann den Zugang wieder einschalten.
ask-link = Wenn ein Link Sie hergeführt hat: diejenigen, die die Seite betreiben, auf der er steht.
ask-if-repeats = Wenn es wieder vorkommt, die Administration Ihrer Organisation. Geben Sie die Einzelheiten unten weiter.

## Looking an error code up

lookup-heading = Was bedeutet { $code }?
lookup-places = Kursive Wörter stehen für das, was von Fall zu Fall verschieden ist.
lookup-error = OAuth-Fehler
lookup-suberror = Unterfehler
lookup-status = HTTP-Status
lookup-unknown-heading = Wir kennen diesen Fehler nicht
lookup-unknown = Kein Fehler dieses Dienstes hat diese Nummer. Bitte prüfen Sie sie auf Tippfehler.
