namespace IdentityProvider.Server.Pages;

/// <summary>Why a round trip to a provider led nowhere, and where to go on.</summary>
/// <param name="Title">Key of a text; <c>{0}</c> is the provider.</param>
/// <param name="Text">Key of a text; <c>{0}</c> is the provider.</param>
/// <param name="Provider">Its name.</param>
/// <param name="NextText">Key of the text on the button.</param>
/// <param name="Next">Where the button leads, as a path under the application's root.</param>
/// <param name="ErrorId">As in the log; null when nothing went wrong.</param>
internal sealed record UpstreamMessage(string Title, string Text, string Provider, string NextText, string Next, string? ErrorId);
