using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>What a person sees who disabled or deleted their account. Says nothing about anybody: whoever opens it sees the same.</summary>
internal sealed class ClosedPage : HostedPage
{
    private static readonly string[] Ways = ["deleted", "disabled"];

    /// <summary>What was done, a word of ours.</summary>
    public string How { get; private set; } = null!;

    public IActionResult OnGet(string? done)
    {
        if (Array.Find(Ways, way => string.Equals(way, done, StringComparison.Ordinal)) is not { } how)
        {
            return NoSuchPage();
        }

        How = how;
        return Page();
    }
}
