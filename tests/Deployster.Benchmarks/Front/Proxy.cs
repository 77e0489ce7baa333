using System.Diagnostics;
using System.Net;
using Deployster.Testing;

namespace Deployster.Benchmarks.Front;

/// <summary>A proxy in front of some servers, as one would set it up for a service: it tells of the client and checks nothing.</summary>
internal sealed class Proxy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployster-bench-");
    private readonly Process _process;

    private Proxy(string name, Func<Proxy, string> configure, Func<string, string[]> command)
    {
        Name = name;
        var config = Path.Combine(_folder.FullName, "config");
        File.WriteAllText(config, configure(this));
        _process = Process.Start(command(config)[0], command(config)[1..]);
    }

    public string Name { get; }

    /// <summary>Where it takes plain HTTP.</summary>
    public IPEndPoint Http { get; } = new(IPAddress.Loopback, FreePort.Find());

    /// <summary>Where it takes HTTPS.</summary>
    public IPEndPoint Https { get; } = new(IPAddress.Loopback, FreePort.Find());

    /// <summary>The process that was started; others may be its children.</summary>
    public int ProcessId => _process.Id;

    public static Proxy HaProxy(IReadOnlyList<string> servers, CertificateFile certificate) => new(
        "haproxy",
        proxy => $"""
            global
              nbthread {Environment.ProcessorCount}
              maxconn 4000
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
              timeout tunnel 1h
              option forwardfor
            listen bench
              bind {proxy.Http}
              bind {proxy.Https} ssl crt {certificate.Both} alpn http/1.1
              balance leastconn
              {string.Join("\n  ", servers.Select((server, index) => $"server unit{index} {server}"))}

            """,
        config => ["haproxy", "-db", "-f", config]);

    public static Proxy Nginx(IReadOnlyList<string> servers, CertificateFile certificate) => new(
        "nginx",
        proxy => $$"""
            worker_processes {{Environment.ProcessorCount}};
            daemon off;
            pid {{proxy._folder.FullName}}/pid;
            error_log stderr crit;
            events { worker_connections 20000; }
            http {
              access_log off;
              client_body_temp_path {{proxy._folder.FullName}}/body;
              proxy_temp_path {{proxy._folder.FullName}}/proxy;
              fastcgi_temp_path {{proxy._folder.FullName}}/fastcgi;
              uwsgi_temp_path {{proxy._folder.FullName}}/uwsgi;
              scgi_temp_path {{proxy._folder.FullName}}/scgi;
              keepalive_requests 100000000;
              map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
              upstream units { {{string.Concat(servers.Select(server => $"server {server}; "))}} keepalive 256; keepalive_requests 100000000; }
              server {
                listen {{proxy.Http}};
                listen {{proxy.Https}} ssl;
                ssl_certificate {{certificate.Cert}};
                ssl_certificate_key {{certificate.Key}};
                location / {
                  proxy_pass http://units;
                  proxy_http_version 1.1;
                  proxy_set_header Host $host;
                  proxy_set_header X-Forwarded-For $remote_addr;
                  proxy_set_header Upgrade $http_upgrade;
                  proxy_set_header Connection $connection_upgrade;
                }
              }
            }

            """,
        config => ["nginx", "-c", config, "-e", "stderr"]);

    public static Proxy Caddy(IReadOnlyList<string> servers, CertificateFile certificate)
    {
        var forward = $$"""
              reverse_proxy {{string.Join(' ', servers)}} {
                lb_policy least_conn
                transport http {
                  keepalive_idle_conns_per_host 256
                }
              }
            """;
        return new Proxy(
            "caddy",
            proxy => $$"""
                {
                  admin off
                  auto_https off
                  log {
                    level PANIC
                  }
                }
                http://:{{proxy.Http.Port}} {
                {{forward}}
                }
                https://:{{proxy.Https.Port}} {
                  tls {{certificate.Cert}} {{certificate.Key}}
                {{forward}}
                }

                """,
            config => ["caddy", "run", "--config", config, "--adapter", "caddyfile"]);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
