namespace IdentityProvider.Server.Resources;

/// <summary>
/// Names the texts of the hosted pages: <c>PageTexts.resx</c> holds the English ones, <c>PageTexts.de.resx</c> the German. Another file
/// <c>PageTexts.*.resx</c> is another language; nothing has to be announced.
/// </summary>
internal sealed class PageTexts;
