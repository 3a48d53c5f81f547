using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;

namespace IdentityProvider.LoadBench;

/// <summary>The clients of the bench and what they do over and over.</summary>
internal static partial class BenchClients
{
    private const string Secret = "bench-secret-that-is-long-enough-for-anyone";
    private const string Callback = "http://127.0.0.1/callback";
    private const string Api = "https://bench.example";
    private const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";

    public static IReadOnlyDictionary<string, string> SampleForm { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["grant_type"] = "client_credentials",
        ["scope"] = "bench.rs",
    };

    /// <param name="provider">Value of <c>Storage:provider</c>.</param>
    /// <param name="connection">Value of <c>Storage:connection_string</c>.</param>
    public static object Settings(string provider, string connection) => new
    {
        IdentityProvider = new
        {
            Storage = new { provider, connection_string = connection },
            Keys = new { master_key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), master_key_file = (string?)null },

            // All callers come from one address.
            Limits = new { password_attempts = 1_000_000, password_attempts_per_address = 1_000_000 },
            Declared = new
            {
                Scopes = new[] { new { name = "bench.rs" }, new { name = "bench.es" } },
                Resources = new object[]
                {
                    new { identifier = Api, scopes = new[] { "bench.rs" } },
                    new { identifier = Api + "/es", scopes = new[] { "bench.es" }, access_token_signing_alg = "ES256" },
                },
                Clients = new object[]
                {
                    new
                    {
                        client_id = "bench-service",
                        client_secret = Secret,
                        token_endpoint_auth_method = "client_secret_basic",
                        grant_types = new[] { "client_credentials" },
                        scope = "bench.rs bench.es",
                    },
                    new
                    {
                        client_id = "bench-app",
                        token_endpoint_auth_method = "none",
                        application_type = "native",
                        grant_types = new[] { "authorization_code", "refresh_token" },
                        redirect_uris = new[] { Callback },
                        scope = "openid profile bench.rs bench.es",
                        idp_require_consent = false,
                    },
                    new
                    {
                        client_id = "bench-tv",
                        token_endpoint_auth_method = "none",
                        application_type = "native",
                        grant_types = new[] { DeviceCode },
                        scope = "openid bench.rs",
                    },
                    new
                    {
                        client_id = "bench-api",
                        client_secret = Secret,
                        token_endpoint_auth_method = "client_secret_basic",
                        grant_types = Array.Empty<string>(),
                        idp_introspection_audiences = new[] { Api },
                    },
                },
            },
        },
    };

    public static HttpClient NewHttp() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() });

    /// <summary>A whole sign-in by a browser that was never here: 303 when it worked, 503 when it is asked to come back.</summary>
    public static async Task<HttpStatusCode> TrySignInAsync(Uri server)
    {
        using var http = NewHttp();
        var status = await PostSignInAsync(http, server);
        return status is HttpStatusCode.SeeOther or HttpStatusCode.ServiceUnavailable
            ? status
            : throw new InvalidOperationException($"sign-in answered {status}");
    }

    public static HttpClient WithBasic(string clientId)
    {
        var http = NewHttp();
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{Secret}")));
        return http;
    }

    public static async Task<JsonElement> PostAsync(HttpClient http, Uri server, string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        using var response = await http.PostAsync(new Uri(server, path), content);
        var body = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(body).RootElement
            : throw new InvalidOperationException($"{path}: {response.StatusCode} {Encoding.UTF8.GetString(body)}");
    }

    /// <summary>Authorization request and token request of somebody who is signed in.</summary>
    public static async Task<JsonElement> CodeAsync(HttpClient http, Uri server, string scope)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        using var response = await http.GetAsync(new Uri(server, AuthorizePath(scope, verifier)));
        var code = HttpUtility.ParseQueryString(response.Headers.Location!.Query)["code"]
            ?? throw new InvalidOperationException("no code: " + response.Headers.Location);
        return await PostAsync(
            http,
            server,
            "/connect/token",
            ("grant_type", "authorization_code"),
            ("client_id", "bench-app"),
            ("redirect_uri", Callback),
            ("code", code),
            ("code_verifier", verifier));
    }

    private static string AuthorizePath(string scope, string verifier) =>
        $"/connect/authorize?client_id=bench-app&response_type=code&redirect_uri={Uri.EscapeDataString(Callback)}&scope={Uri.EscapeDataString(scope)}"
        + $"&state=s&nonce=n&code_challenge_method=S256&code_challenge={Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))}";

    /// <summary>A browser that is signed in.</summary>
    public static async Task<HttpClient> SignInAsync(Uri server)
    {
        var http = NewHttp();
        var status = await PostSignInAsync(http, server);
        return status == HttpStatusCode.SeeOther ? http : throw new InvalidOperationException($"sign-in answered {status}");
    }

    /// <summary>As a browser without script does it: page, form, cookies.</summary>
    private static async Task<HttpStatusCode> PostSignInAsync(HttpClient http, Uri server)
    {
        using var authorize = await http.GetAsync(new Uri(server, AuthorizePath("openid", "unused")));
        var page = new Uri(server, authorize.Headers.Location!);
        var html = await http.GetStringAsync(page);
        var token = WebUtility.HtmlDecode(AntiforgeryField().Match(html).Groups["token"].Value);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["username"] = "alice",
            ["password"] = "development",
            ["decision"] = "signin",
            ["__RequestVerificationToken"] = token,
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, page) { Content = form };
        request.Headers.Add("Origin", server.GetLeftPart(UriPartial.Authority));
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>RFC 8628 in five requests: the device asks, the person comes with the code, allows, is thanked, the device has its tokens.</summary>
    public static async Task<JsonElement> ConnectDeviceAsync(HttpClient http, Uri server)
    {
        var device = await PostAsync(http, server, "/connect/deviceauthorization", ("client_id", "bench-tv"), ("scope", "openid bench.rs"));
        var html = await http.GetStringAsync(new Uri(server, "/device?user_code=" + device.GetProperty("user_code").GetString()));
        using var form = new FormUrlEncodedContent(Fields().Matches(html).Select(field => KeyValuePair.Create(field.Groups["name"].Value, field.Groups["value"].Value))
            .Append(KeyValuePair.Create("decision", "allow")));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, "/device")) { Content = form };
        request.Headers.Add("Origin", server.GetLeftPart(UriPartial.Authority));
        using var allowed = await http.SendAsync(request);
        if (allowed.StatusCode != HttpStatusCode.SeeOther)
        {
            throw new InvalidOperationException($"the device was not allowed: {allowed.StatusCode}");
        }

        await http.GetStringAsync(new Uri(server, allowed.Headers.Location!));
        return await PostAsync(
            http, server, "/connect/token", ("grant_type", DeviceCode), ("client_id", "bench-tv"), ("device_code", device.GetProperty("device_code").GetString()!));
    }

    [GeneratedRegex("""<input[^>]*name="(?<name>session|user_code|__RequestVerificationToken)"[^>]*value="(?<value>[^"]*)""", RegexOptions.NonBacktracking)]
    private static partial Regex Fields();

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="(?<token>[^"]+)""", RegexOptions.NonBacktracking)]
    private static partial Regex AntiforgeryField();
}
