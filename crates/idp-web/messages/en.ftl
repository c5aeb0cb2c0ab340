# What Vestibule says, in English: the reference for every other language.
# Plain, calm, never blaming. { $… } is filled in and set apart by the page.

## Shared

continue-to = to continue to { $application }
signing-in-as = Signing in as
signed-in-as = Signed in as
use-another-account = Use another account
continue = Continue
title-problem = Problem: { $title }

## Signing in: the account

account-page-title = Sign in to { $application }
account-heading = Sign in
account-label = Account name
account-hint = It usually looks like an email address.
account-empty = Enter your account name.
account-malformed = That does not look like an account name. Check it for typing errors.

## Signing in: the password

password-page-title = Enter your password for { $application }
password-heading = Enter your password
password-label = Password
password-submit = Sign in
password-empty = Enter your password.
password-wrong = This account name and password do not go together. Check both and try again.
password-locked = There have been too many attempts. Wait a while before you try again, or ask your administrator.
password-locked-minutes =
    { $minutes ->
        [one] There have been too many attempts. Try again in a minute.
       *[other] There have been too many attempts. Try again in { $minutes } minutes.
    }

## Signing in: another password

new-password-page-title = Choose a password for { $application }
new-password-heading = Choose a password of your own
new-password-explanation = The password you have just used was for one sign-in only.
new-password-label = New password
new-password-rules = At least 8 characters, of three kinds: small letters, capitals, digits, symbols.
new-password-again-label = New password, once more
new-password-submit = Set password and sign in
new-password-empty = Enter the new password twice.
new-password-differs = The two entries differ. Enter the new password twice.
new-password-unsuitable = This password cannot be used. Choose one that keeps the rule below, without accented letters and without your account name.
new-password-same = This is the password you have just used. Choose a different one.

## Signing in: keep me signed in

stay-page-title = Stay signed in for { $application }?
stay-heading = Stay signed in on this device?
stay-explanation = If you do, this browser will not ask for your password again for a while. Choose “No” if other people use this device too.
stay-yes = Yes, stay signed in
stay-no = No

## Choosing an account

picker-page-title = Choose an account for { $application }
picker-heading = Choose an account
picker-sign-out-heading = Which account do you want to sign out of?
picker-signed-in = Signed in
picker-signed-out = Signed out

## Asking for consent

application-without-name = an application without a name
acting-in = in { $organisation }
consent-heading = Allow { $application }?
consent-heading-everyone = Allow { $application } for everyone in { $organisation }?
consent-published-by = Published by { $publisher }
consent-publisher-unknown = Publisher unknown
consent-verified = verified
consent-unverified = not verified
consent-warning = This application belongs to another organisation, and its publisher is not verified. Accept only if you know it.
consent-asks = What it wants to do
consent-new = New
consent-unattended = Also when nobody is signed in
consent-on-behalf = Allow this for everyone in { $organisation }
consent-on-behalf-hint = Nobody there is asked again then. Without this, you decide for yourself only.
consent-meaning = If you accept, { $application } can do this without asking again. You can take it back later: ask an administrator of { $organisation }.
consent-meaning-everyone = If you accept, { $application } can do this for everyone in { $organisation }, and nobody there is asked. An administrator can take it back later.
consent-links = From the publisher, each in a new tab:
consent-terms = Terms of service
consent-privacy = Privacy statement
consent-accept = Accept
consent-cancel = Cancel

## Asking for consent: an administrator is needed

approval-page-title = An administrator has to allow { $application }
approval-heading = An administrator has to allow this
approval-happened = { $application } asks for something that only an administrator of { $organisation } can allow.
approval-asks = What only an administrator can allow
approval-ask = Ask an administrator of { $organisation } to allow the application. Once that is done, open the application again.
approval-ask-with-link = Send this link to an administrator of { $organisation }. Once they have allowed the application, open it again.
approval-other-account = If you have an administrator’s account yourself, choose “Use another account” above.
approval-return = Back to { $application }

## Asking for consent: an administrator has allowed it

consented-heading = { $application } is allowed for everyone in { $organisation }
consented-explanation = There is nothing more to do here. You can close this page.
consented-take-back = Any administrator can take it back later.

## Becoming a guest

invitation-heading = Become a guest of { $organisation }?
invitation-lead = { $organisation } has invited you. You go on signing in with your own account.
invitation-means = What { $organisation } can do
invitation-sees = See your name and your email address
invitation-records = Keep a record of what you do there
invitation-limits = Decide what you may use, and end it at any time
invitation-declined-heading = You are not a guest of { $organisation }
invitation-declined = You have declined, and nothing was changed. { $organisation } is not told.
invitation-declined-later = If you change your mind, follow the invitation again. You may now close this window.
invitation-trust = Accept only if you know { $organisation } and expected an invitation.

## Signing in on another device

device-message = To sign in, open the page { $address } in a web browser and enter the code { $code }.
device-code-heading = Enter the code from your device
device-code-lead = A device or a program showed you a code and sent you here to sign in.
device-code-label = Code
device-code-hint = Nine letters and digits. Capitals, spaces and dashes do not matter.
device-code-not-you = Enter a code only if you asked for it yourself. Nobody who helps you needs one from you.
device-code-empty = Enter the code that your device shows.
device-code-wrong = No device is waiting with this code. Check it for typing errors; if it has expired, ask your device for a new one.
device-code-locked =
    { $minutes ->
        [one] There have been too many wrong codes. Try again in a minute.
       *[other] There have been too many wrong codes. Try again in { $minutes } minutes.
    }
device-confirm-heading = Sign in to { $application } on another device?
device-only-if = Only continue if you started this yourself.
device-warning = Whoever has that device will use { $application } as you. If somebody sent you the code, choose “Cancel”.
device-where = Where it was asked from
device-asked-from = From the address { $address }.
device-asked-now = Less than a minute ago.
device-asked-ago =
    { $minutes ->
        [one] A minute ago.
       *[other] { $minutes } minutes ago.
    }
device-elsewhere = That is not where you are now.
device-done-heading = You are signed in on your device
device-done = You have signed in to the { $application } application on your device. You may now close this window.
device-declined-heading = Nobody was signed in
device-declined = The device has been told that you do not want to sign in to { $application }. You may now close this window.
device-declined-not-you = If somebody sent you the code, tell your administrator.

## What permissions mean

permission-openid = Sign you in
permission-openid-everyone = Sign people in
permission-profile = See your basic profile
permission-profile-everyone = See the basic profile of everyone who uses it
permission-email = See your email address
permission-email-everyone = See the email address of everyone who uses it
permission-offline-access = Keep access to what you have allowed, also when you are not using it
permission-offline-access-everyone = Keep access to what is allowed here, also when nobody is using it
permission-user-read = Sign you in and read your profile
permission-user-read-everyone = Sign people in and read their profiles
permission-user-read-basic-all = See the names and email addresses of everyone in the organisation
permission-user-read-all = Read the full profiles of everyone in the organisation
permission-user-read-write-all = Read and change the full profiles of everyone in the organisation
permission-user-invite-all = Invite people from elsewhere to be guests of the organisation
permission-group-read-all = Read all groups and who belongs to them
permission-group-read-write-all = Read, create, change and delete groups, and decide who belongs to them
permission-directory-read-all = Read the organisation’s whole directory: people, groups and applications
permission-directory-read-write-all = Read and change the organisation’s whole directory: people, groups and applications
permission-directory-access-as-user-all = Do in the organisation’s directory whatever you may do there yourself
permission-directory-access-as-user-all-everyone = Do in the organisation’s directory whatever the person using it may do there
permission-application-read-all = Read how all applications of the organisation are set up
permission-application-read-write-all = Create, change and delete applications, and the secrets they sign in with
permission-app-role-assignment-read-write-all = Give permissions to people and applications, itself included
permission-mail-read = Read your mail
permission-mail-read-everyone = Read the mail of everyone who uses it
permission-mail-read-unattended = Read the mail in every mailbox
permission-mail-send = Send mail in your name
permission-mail-send-everyone = Send mail in the name of everyone who uses it
permission-mail-send-unattended = Send mail in anybody’s name

## Signing out

sign-out-heading = Sign out?
sign-out-asked-by = { $application } asks to sign you out in this browser.
sign-out-asked = You are about to sign out in this browser.
sign-out-not-you = If you did not ask for this, simply close this page. Nothing will change.
sign-out-submit = Sign out
signed-out-heading = You are signed out
signed-out-account = { $account } is no longer signed in here.
signed-out-everywhere = The applications you used are being told, so that they sign you out too. This takes a moment.
signed-out-explanation = If other people use this device, close all browser windows as well.
signed-out-return = Back to { $application }

## Handing over to the application

handover-page-title = Back to { $application }
handover-heading = One moment
handover-explanation = We are taking you back to { $application }.
handover-without-script = If nothing happens, choose “Continue”.

## The front page

home-heading = People sign in here
home-explanation = This service opens the door to applications. There is nothing you need to do here: go to the application you want to use, and it will bring you back when it needs to know who you are.
home-developers = For developers
home-discovery = Discovery document
home-documentation = Documentation

## Errors: the frame

error-context = This happened on the way to { $application }.
error-do = What you can do
error-ask = Who to ask
error-start-again = Start again
details-summary = Details for developers
details-code = Code
details-message = Message
details-application = Application
details-client-id = Application ID
details-correlation-id = Correlation ID
details-trace-id = Trace ID
details-time = Time
details-copy = Copy details
details-copied = Copied

## Errors: what happened

redirect-title = We cannot send you back to this application
redirect-happened = The application asked us to send you to an address that is not registered for it. To keep your account safe, we have stopped here.
unknown-application-title = We do not know this application
unknown-application-happened = The application you came from is not registered here, or it has been removed.
unknown-tenant-title = We do not know this organisation
unknown-tenant-happened = The link you followed names an organisation that is not registered here.
not-multi-tenant-title = This application is for another organisation
not-multi-tenant-happened = The application accepts only accounts from the organisation it belongs to.
not-in-tenant-title = This account is not part of the organisation
not-in-tenant-happened = You are signed in with an account from elsewhere, and this organisation does not know it.
not-found-title = There is nothing here
not-found-happened = This address leads nowhere. It may be mistyped, or the link may be an old one.
malformed-title = The application’s request was incomplete
malformed-happened = We could not make sense of what the application asked for. This is not something you did.
expired-title = This sign-in page has expired
expired-happened = It was open for a while, or your browser no longer has what belongs to it. You have not been signed in.
busy-title = We cannot sign you in just now
busy-happened = Signing in is taking longer than it should, so we have stopped rather than keep you waiting.
too-often-title = Too many attempts
too-often-happened = There have been too many attempts to sign in, perhaps by others who share your connection. Nothing more is accepted for now.
not-allowed-title = You do not have access to this application
not-allowed-happened = Your sign-in worked, but the application has not been made available to this account.
blocked-title = Your organisation does not allow this way of signing in
blocked-happened = Your sign-in worked, but this account may not be used in this way.
disabled-title = This has been switched off
disabled-happened = An administrator has switched off either the account or the application.
conflict-title = Another sign-in got in the way
conflict-happened = Something changed while you were signing in, perhaps in another tab or window.
other-title = Signing in did not work
other-happened = Something went wrong on our side. You have not been signed in.

## Errors: what you can do

do-start-from-application = Go back to the application and try once more. If you came by a bookmark or a link, open the application’s own start page instead.
do-check-address = Check the link for typing errors, or open the application from where you usually find it.
do-other-account = If you have another account, sign in to the application with that one.
do-start-again = Go back to the application and sign in again.
do-start-again-here = You can start again from here.
do-wait = Wait a minute, then try again.
do-wait-longer = Wait ten minutes, then try again.
do-close-others = Close other sign-in windows, then sign in again.

## Errors: who to ask

ask-application = The people who run the application. The details below tell them what to correct.
ask-administrator-invite = The organisation’s administrator, who can invite your account.
ask-administrator-access = Your organisation’s administrator, who can give you access.
ask-administrator-enable = Your organisation’s administrator, who can switch it on again.
ask-link = If a link brought you here, the people who run the page it is on.
ask-if-repeats = If it happens again, your organisation’s administrator. Pass on the details below.

## Looking an error code up

lookup-heading = What does { $code } mean?
lookup-places = Words in italics stand for what differs from case to case.
lookup-error = OAuth error
lookup-suberror = Suberror
lookup-status = HTTP status
lookup-unknown-heading = We do not know this error
lookup-unknown = No error of this service has this number. Check it for typing errors.
