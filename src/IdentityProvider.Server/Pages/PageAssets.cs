using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.Theming;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Style sheet, scripts and pictures of the pages. They are part of the assembly, so they are there however the server is started; the theme
/// adds its tokens and files. Pages name them with a hash of their content: browsers keep them for a year and still see every change at once.
/// </summary>
internal sealed class PageAssets
{
    private const string VersionParameter = "v";
    private const string KeepForever = "public, max-age=31536000, immutable";
    private const string KeepForAnHour = "public, max-age=3600";

    private const string StyleSheetPath = "/css/pages.css";
    private const string MarkPath = "/favicon.svg";

    private static readonly (string Path, string ContentType)[] Files =
    [
        (StyleSheetPath, "text/css; charset=utf-8"),
        ("/js/form-post.js", "text/javascript; charset=utf-8"),
        ("/js/check-session.js", "text/javascript; charset=utf-8"),
        ("/js/passkeys.js", "text/javascript; charset=utf-8"),
        ("/js/frontchannel-logout.js", "text/javascript; charset=utf-8"),
        (MarkPath, "image/svg+xml"),
    ];

    private readonly Dictionary<string, PublicDocument> _documents = new(StringComparer.Ordinal);

    public PageAssets(Theme theme)
    {
        foreach (var (path, contentType) in Files)
        {
            Add(path, contentType, path switch
            {
                StyleSheetPath => [.. Encoding.UTF8.GetBytes(theme.Tokens()), .. Read(path)],
                MarkPath => Tinted(Read(path), theme),
                _ => Read(path),
            });
        }

        foreach (var file in theme.Files.All)
        {
            Add("/" + file.Path, file.ContentType, file.Body, KeepForever);
        }

        Icon = theme.Files.Icon?.Path ?? Mark;
        IconType = theme.Files.Icon?.ContentType ?? "image/svg+xml";
    }

    /// <summary>Path under the root, without its leading slash, with the version.</summary>
    public string StyleSheet => Versioned(StyleSheetPath[1..]);

    public string FormPostScript => Versioned("js/form-post.js");

    public string FrontchannelLogoutScript => Versioned("js/frontchannel-logout.js");

    public string CheckSessionScript => Versioned("js/check-session.js");

    public string PasskeysScript => Versioned("js/passkeys.js");

    public string Mark => Versioned(MarkPath[1..]);

    /// <summary>Of the browser's tab.</summary>
    public string Icon { get; }

    public string IconType { get; }

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, document) in _documents)
        {
            var forever = document with { CacheControl = KeepForever };
            routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], context =>
            {
                context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
                return ProtocolResults.WriteDocumentAsync(context, context.Request.Query.ContainsKey(VersionParameter) ? forever : document);
            });
        }
    }

    private static byte[] Read(string path)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream("wwwroot" + path)
            ?? throw new InvalidOperationException($"{path} is not part of the assembly");
        var body = new byte[stream.Length];
        stream.ReadExactly(body);
        return body;
    }

    /// <summary>Our mark in the colours of the accent.</summary>
    private static byte[] Tinted(byte[] mark, Theme theme) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(mark)
        .Replace("#3b4cca", theme.Accent.ToString(), StringComparison.Ordinal)
        .Replace("#fff", theme.OnAccent.ToString(), StringComparison.Ordinal));

    private void Add(string path, string contentType, byte[] body, string keep = KeepForAnHour)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8));
        _documents[path] = new PublicDocument(body, contentType, $"\"{hash}\"", keep);
    }

    private string Versioned(string path) => $"{path}?{VersionParameter}={_documents["/" + path].ETag.Trim('"')}";
}
