using IdentityProvider.EndToEnd.Tests.Browser;
using Microsoft.Playwright;

namespace IdentityProvider.Interop.Tests.Running;

/// <summary>A person at a browser who does what the server's pages ask.</summary>
internal sealed class Person : IAsyncDisposable
{
    private static readonly string[] Buttons =
    [
        "#signin button[value=signin]", "#consent button[value=allow]", "#device-decision button[value=allow]",
        "#device button[value=continue]", "#signout button[value=signout]",
    ];

    private readonly string _issuer;
    private IRequest? _last;

    public Person(IPage page, string issuer)
    {
        (Page, _issuer) = (page, issuer);
        page.Request += (_, request) =>
        {
            if (request.IsNavigationRequest && request.Frame == page.MainFrame)
            {
                _last = request;
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Where the browser went last, whether somebody answers there or not.</summary>
    public string Address => _last!.Url;

    /// <summary>The form that the browser posted last, if the page it shows is the answer to a POST.</summary>
    public string? PostedForm => _last?.PostData;

    private bool IsAtServer => Page.Url.StartsWith(_issuer + "/", StringComparison.Ordinal);

    /// <summary>Goes to an address, signs in, allows, connects or signs out, until the server has nothing more to ask.</summary>
    public async Task VisitAsync(string address)
    {
        await Page.GotoAsync(address);
        await PassAsync();
    }

    /// <summary>Does what the server's pages ask until they ask no more.</summary>
    public async Task PassAsync()
    {
        while (await FindButtonAsync() is { } button)
        {
            if (Page.Url.Contains("/signin", StringComparison.Ordinal))
            {
                await Page.FillAsync("#username", InteropFixture.UserName);
                await Page.FillAsync("#password", InteropFixture.Password);
            }

            await Page.FollowAsync(button);
        }
    }

    public ValueTask DisposeAsync() => Page.Context.DisposeAsync();

    private async Task<string?> FindButtonAsync()
    {
        await SettleAsync();
        foreach (var button in Buttons)
        {
            if (IsAtServer && await Page.QuerySelectorAsync(button) is not null)
            {
                return button;
            }
        }

        return null;
    }

    /// <summary>Some pages go on by themselves: a form to post, frames to sign out in.</summary>
    private async Task SettleAsync()
    {
        try
        {
            if (!IsAtServer || await Page.QuerySelectorAsync("#form-post, #frames") is null)
            {
                return;
            }
        }
        catch (PlaywrightException)
        {
            // It went on while we looked, maybe before its address shows it.
        }

        await Page.WaitForURLAsync(address => !address.StartsWith(_issuer + "/", StringComparison.Ordinal));
    }
}
