using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.SignIn;

/// <summary>Where the desk sends people: to the page of a method, and at the end back to what they signed in for.</summary>
internal sealed class SignInReturn(PageFlows flows, IEnumerable<SecondFactorPage> pages)
{
    /// <summary>The page that asks for a second factor.</summary>
    public string PageOf(string method) => Find(method).Path;

    /// <summary>Key of the text of a link to that page.</summary>
    public string LinkTextOf(string method) => Find(method).LinkText;

    /// <summary>Back to the authorization endpoint, or to a path of our own and to no other: the account page when there is none.</summary>
    public string Of(SignInPlace place, bool levelDeclined)
    {
        if (place.Flow is { } flow)
        {
            return flows.ReturnAddress(levelDeclined ? flow.Pending with { LevelDeclined = true } : flow.Pending);
        }

        // A page of ours that needs a level would only ask again.
        return levelDeclined && place.Demand.Required > 0 ? "~" + EndpointPaths.Account : HostedPage.OwnAddress(place.ReturnUrl);
    }

    /// <summary>The page that says why a sign-in ended and what to do.</summary>
    public static string EndedAddress(SignInPlace place, SignInEnding why) =>
        place.AddressWith(EndpointPaths.SignInEnded, PageParameters.Ending, why.ToString());

    private SecondFactorPage Find(string method) => pages.First(page => string.Equals(page.Method, method, StringComparison.Ordinal));
}

/// <summary>The page on which a method is proved as a second factor.</summary>
/// <param name="Method">A name of <see cref="Protocol.Sessions.SignInMethods"/>.</param>
/// <param name="Path">Of the page; it takes what the sign-in page takes.</param>
/// <param name="LinkText">Key of the text on the pages of the other methods.</param>
internal sealed record SecondFactorPage(string Method, string Path, string LinkText);
