namespace IdentityProvider.Server.Resources;

/// <summary>
/// Names the texts of the hosted pages: <c>PageTexts.resx</c> holds the English ones; <c>PageTexts.de.resx</c> beside it would add German.
/// </summary>
internal sealed class PageTexts;
