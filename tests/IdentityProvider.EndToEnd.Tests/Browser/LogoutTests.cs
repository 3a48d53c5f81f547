using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>What only a browser can show: frames that load, a page that goes on by itself, and the frame clients ask about the session.</summary>
[Collection(SharedBrowser.Name)]
public sealed partial class LogoutTests(BrowserFixture fixture)
{
    /// <summary>Again and again, as clients do (Session Management §3.1): the frame drops what is too much at once.</summary>
    private const string Ask =
        """
        ([question, wanted]) => new Promise(resolve => {
          const op = document.getElementById('op');
          const ask = () => op.contentWindow.postMessage(question, new URL(op.src).origin);
          const asking = setInterval(ask, 500);
          window.addEventListener('message', function hear(event) {
            if (wanted === '' || event.data === wanted) {
              clearInterval(asking);
              window.removeEventListener('message', hear);
              resolve(event.data);
            }
          });
          ask();
        })
        """;

    private string CheckSession => fixture.Issuer + "/connect/checksession";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Case(253)]
    public async Task Clients_are_told_in_frames_and_the_page_goes_on_by_itself_with_script_and_without(bool script)
    {
        await using var visitor = await fixture.NewVisitorAsync(script: script);
        await visitor.PassAsync(fixture.AuthorizeAddress("framed"), "bob");
        await RedeemAsync(visitor, "framed");
        fixture.Client.LogoutFrames.Clear();
        await visitor.GoAsync("/signout");

        await visitor.Page.ClickAsync("#signout button[value=signout]");
        await visitor.Page.WaitForURLAsync(fixture.Issuer + "/signed-out");

        Assert.Matches($"^\\?iss={Regex.Escape(Uri.EscapeDataString(fixture.Issuer))}&sid=[0-9a-f]{{32}}$", Assert.Single(fixture.Client.LogoutFrames));
        Assert.Empty(visitor.Complaints);
        await visitor.GoAsync("/account");
        Assert.Equal("/signin", visitor.Path);
    }

    [Fact]
    [Case(434)]
    public async Task The_back_button_shows_nothing_after_signing_out()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.PassAsync(fixture.AuthorizeAddress("own"), "bob");
        await visitor.GoAsync("/account/password");
        await visitor.GoAsync("/account");
        Assert.Contains("bob", await visitor.Page.InnerTextAsync("main"), StringComparison.OrdinalIgnoreCase);
        await visitor.GoAsync("/signout");
        await visitor.Page.ClickAsync("#signout button[value=signout]");
        await visitor.Page.WaitForURLAsync(fixture.Issuer + "/signed-out");

        var paths = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            await visitor.Page.GoBackAsync();
            paths.Add(visitor.Path);
            Assert.DoesNotContain("bob", await visitor.Page.InnerTextAsync("body"), StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain(paths, path => path.StartsWith("/account", StringComparison.Ordinal));
        Assert.Equal("/signin", paths[1]);
    }

    [Fact]
    public async Task Oidcc_session_management_rp_initiated_logout()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        var state = await SignInAsync(visitor);
        await EmbedAsync(visitor, fixture.Client.Origin);
        Assert.Equal("unchanged", await AskAsync(visitor, "own " + state));

        await visitor.GoAsync("/signout");
        await visitor.Page.ClickAsync("#signout button[value=signout]");
        await visitor.Page.WaitForURLAsync(fixture.Issuer + "/signed-out");

        await EmbedAsync(visitor, fixture.Client.Origin);
        Assert.Equal("changed", await AskAsync(visitor, "own " + state));
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Another_sign_in_of_the_same_person_changes_nothing_and_of_another_person_everything()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        var state = await SignInAsync(visitor);
        await visitor.GoAsync(fixture.AuthorizeAddress("own", "&prompt=login"));
        await visitor.SignInAsync("alice");
        await visitor.ArriveAsync();
        await EmbedAsync(visitor, fixture.Client.Origin);
        Assert.Equal("unchanged", await AskAsync(visitor, "own " + state));

        await visitor.GoAsync(fixture.AuthorizeAddress("own", "&prompt=login"));
        await visitor.SignInAsync("bob");
        await visitor.ArriveAsync();

        await EmbedAsync(visitor, fixture.Client.Origin);
        Assert.Equal("changed", await AskAsync(visitor, "own " + state));
    }

    [Fact]
    [Case(254)]
    public async Task Origins_that_are_not_the_clients_hear_nothing()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        var state = await SignInAsync(visitor);
        await EmbedAsync(visitor, fixture.Client.OnwardOrigin);
        await visitor.Page.EvaluateAsync("() => { window.heard = []; window.addEventListener('message', event => window.heard.push(event.data)); }");

        var refused = await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.Page.EvaluateAsync(
                "question => document.getElementById('op').contentWindow.postMessage(question, '*')", "own " + state),
            response => response.Url.StartsWith(CheckSession + "?", StringComparison.Ordinal));
        await visitor.Page.EvaluateAsync("() => new Promise(resolve => setTimeout(resolve, 300))");

        Assert.Equal(404, refused.Status);
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>("() => window.heard"));
    }

    [Fact]
    [Case(254)]
    public async Task Junk_and_floods_are_dropped_and_cost_the_server_one_request()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        var state = await SignInAsync(visitor);
        await EmbedAsync(visitor, fixture.Client.Origin);
        var requests = 0;
        visitor.Page.Request += (_, request) => Interlocked.Add(ref requests, request.Url.StartsWith(CheckSession + "?", StringComparison.Ordinal) ? 1 : 0);

        await visitor.Page.EvaluateAsync(
            """
            question => {
              const op = document.getElementById('op').contentWindow;
              for (let i = 0; i < 3000; i++) {
                for (const junk of ['', ' ', 'x', { a: 1 }, null, 'y'.repeat(100000), question]) {
                  op.postMessage(junk, '*');
                }
              }
            }
            """,
            "own " + state);

        Assert.Equal("unchanged", await AskAsync(visitor, "own " + state));
        Assert.Equal("error", await AskAsync(visitor, "own without-a-salt", wanted: "error"));
        Assert.Equal(1, requests);
    }

    [Fact]
    [Case(254)]
    public async Task The_frame_reads_no_session()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await SignInAsync(visitor);
        await EmbedAsync(visitor, fixture.Client.Origin);

        var readable = await visitor.Page.Frames.Single(frame => frame.Url == CheckSession).EvaluateAsync<string>("() => document.cookie");

        Assert.Matches("^__Host-idp-browser-state=[A-Za-z0-9_-]{43}$", readable);
        var state = Assert.Single(await visitor.Page.Context.CookiesAsync(), cookie => cookie.Name is "__Host-idp-browser-state");
        Assert.Equal((true, SameSiteAttribute.Lax, "/"), (state.Secure, state.SameSite, state.Path));
    }

    private async Task<string> SignInAsync(Visitor visitor)
    {
        await visitor.PassAsync(fixture.AuthorizeAddress("own"), "alice");
        var state = fixture.Client.Responses.Last()["session_state"];
        Assert.Matches(StateForm(), state);
        return state;
    }

    /// <summary>The client is one of the session's when it has redeemed its code.</summary>
    private async Task RedeemAsync(Visitor visitor, string client)
    {
        var form = visitor.Page.Context.APIRequest.CreateFormData();
        form.Set("grant_type", "authorization_code");
        form.Set("client_id", client);
        form.Set("code", fixture.Client.Responses.Last()["code"]);
        form.Set("redirect_uri", fixture.Client.Callback);
        form.Set("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        var answer = await visitor.Page.Context.APIRequest.PostAsync(fixture.Issuer + "/connect/token", new() { Form = form });
        Assert.True(answer.Ok, await answer.TextAsync());
    }

    private async Task EmbedAsync(Visitor visitor, string origin)
    {
        fixture.Client.Page = $"<!DOCTYPE html><html lang=en><title>Client</title><iframe id=op src='{CheckSession}'></iframe>";
        await visitor.GoAsync(origin + "/page");
    }

    /// <summary>What the frame answers; with <paramref name="wanted"/>, other answers are those to questions of before.</summary>
    private static Task<string> AskAsync(Visitor visitor, string question, string wanted = "") =>
        visitor.Page.EvaluateAsync<string>(Ask, new[] { question, wanted });

    [GeneratedRegex("^[A-Za-z0-9_-]{43}\\.[A-Za-z0-9_-]{22}$", RegexOptions.None, 1000)]
    private static partial Regex StateForm();
}
