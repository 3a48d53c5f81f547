namespace IdentityProvider.Server.Resources;

/// <summary>
/// Names the texts of mails, as <see cref="PageTexts"/> does those of pages. Of each kind: Subject, Lead, Button (where there is a link) and
/// Note; {0} is the service, {1} what the mail names, {2} when it happened.
/// </summary>
internal sealed class MailTexts;
