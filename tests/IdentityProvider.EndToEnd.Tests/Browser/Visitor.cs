using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>A person at a browser. Notes what a browser complains of, and what it should never have asked for.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly BrowserFixture _fixture;
    private readonly ConcurrentQueue<string> _complaints = [];

    public Visitor(IPage page, BrowserFixture fixture)
    {
        (Page, _fixture) = (page, fixture);
        page.Console += (_, message) =>
        {
            // An answer with status 400 is also an error to the console.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Dialog += (_, dialog) =>
        {
            _complaints.Enqueue("dialog: " + dialog.Message);
            _ = dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (!IsExpected(request.Url))
            {
                _complaints.Enqueue("request to " + request.Url);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Violations of the content policy, script errors, dialogs, and requests to hosts that have no part in the test.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Waits until the browser has complained of something; it may do so after the page is there.</summary>
    public async Task HearComplaintAsync(string about)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!_complaints.Any(complaint => complaint.Contains(about, StringComparison.Ordinal)))
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    public string Path => new Uri(Page.Url).AbsolutePath;

    public Task GoAsync(string address) => Page.GotoAsync(address);

    public async Task SignInAsync(string userName, string password = BrowserFixture.Password)
    {
        await Page.FillAsync("#username", userName);
        await Page.FillAsync("#password", password);
        await Page.FollowAsync("#signin button[value=signin]");
    }

    /// <summary>Sends a form with every field missing, past the checks of the browser: something has to be mended.</summary>
    public async Task SendEmptyAsync(string form)
    {
        await Page.EvalOnSelectorAsync(
            form, "form => { form.noValidate = true; for (const input of form.querySelectorAll('input:not([type=hidden])')) input.value = ''; }");
        await Page.FollowAsync(form + " button");
        Assert.NotEmpty(await Page.QuerySelectorAllAsync(".problem"));
    }

    public Task AllowAsync() => Page.FollowAsync("#consent button[value=allow]");

    public Task DenyAsync() => Page.FollowAsync("#consent button[value=deny]");

    /// <summary>Waits until the client's site has sent the browser on to the end of the way.</summary>
    public Task ArriveAsync() => Page.WaitForURLAsync(_fixture.Client.OnwardOrigin + "/done");

    /// <summary>Waits until a field has the focus: <c>autofocus</c> comes with the first picture, which may be after the page is there.</summary>
    public Task SeeFocusAsync(string selector) => Page.WaitForSelectorAsync(selector + ":focus");

    public Task<string> HeadingAsync() => Page.InnerTextAsync("h1");

    /// <summary>The flow of a person who has an account and allows what is asked for, up to the client's site.</summary>
    public async Task PassAsync(string address, string userName)
    {
        await GoAsync(address);
        if (Path is "/signin")
        {
            await SignInAsync(userName);
        }

        if (Path is "/consent")
        {
            await AllowAsync();
        }

        await ArriveAsync();
    }

    public ValueTask DisposeAsync() => Page.Context.DisposeAsync();

    private bool IsExpected(string address) =>
        address.StartsWith(_fixture.Issuer + "/", StringComparison.Ordinal)
        || _fixture.Others.Any(other => address.StartsWith(other + "/", StringComparison.Ordinal))
        || address.StartsWith(_fixture.Client.Origin + "/", StringComparison.Ordinal)
        || address.StartsWith(_fixture.Client.OnwardOrigin + "/", StringComparison.Ordinal);
}
