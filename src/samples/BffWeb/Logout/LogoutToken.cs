namespace BffWeb.Logout;

/// <summary>Which sessions end: one by <c>sid</c>, or all of <c>sub</c>. At least one of them is given.</summary>
internal sealed record LogoutToken(string? SessionId, string? Subject);
